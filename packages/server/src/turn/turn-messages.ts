import type { Entry } from "@colloquy/protocol";
import type { ModelMessage, SignedReasoning, ToolCall } from "../models/model.ts";
import { callStates, type CallState } from "./call-states.ts";
import { cutText } from "./cut-text.ts";

export interface MessageWish {
  /** Whose own words come back signed, while its own turn is under way; nobody's when left out. */
  readonly model?: string;
  /** Longer results are cut, UTF-16 code units. */
  readonly resultChars?: number;
  /** Longer arguments are left out, UTF-16 code units. */
  readonly argumentChars?: number;
}

/** What one call to the model said. */
interface Said {
  text: string;
  readonly reasoning: SignedReasoning[];
  readonly states: CallState[];
}

/**
 * What a turn's entries are to a model: its words and calls, each call followed by what it came to, and none left open
 * (P10): one that still waits says so. The same for a live turn, for one of an earlier process and for turns of the past.
 * Pure.
 */
export const turnMessages = (entries: readonly Entry[], wish: MessageWish = {}): readonly ModelMessage[] => {
  const steps = new Map<number, Said>();
  const stepOf = ({ step = 1 }: { readonly step?: number }): Said => {
    const known = steps.get(step) ?? { text: "", reasoning: [], states: [] };
    steps.set(step, known);
    return known;
  };
  for (const entry of entries) {
    // A turn is run again only while all that it has in the log is thoughts, and those were another attempt's.
    if (entry.kind === "note" && entry.about === "attempt" && entry.data?.["resumed"] !== true) steps.clear();
    else if (entry.kind === "answer") stepOf(entry).text += entry.text;
    else if (entry.kind === "reasoning" && entry.native && entry.native.model === wish.model)
      stepOf(entry).reasoning.push({ text: entry.text, native: entry.native });
  }
  for (const state of callStates(entries)) stepOf(state.call).states.push(state);
  return Array.from(steps)
    .toSorted(([a], [b]) => a - b)
    .flatMap(([, said]) => messagesOf(said, wish));
};

const messagesOf = ({ text, reasoning, states }: Said, wish: MessageWish): readonly ModelMessage[] => {
  if (text === "" && states.length === 0) return [];
  const calls = states.map(({ call }): ToolCall => {
    const { callId, native } = call;
    const own = native !== undefined && native.model === wish.model;
    return {
      callId,
      name: sayableName(call.name),
      arguments: objectText(call.arguments, wish.argumentChars ?? Infinity),
      ...(own && { native }),
    };
  });
  return [
    {
      role: "assistant",
      text,
      ...(calls.length > 0 && { calls }),
      ...(reasoning.length > 0 && { reasoning }),
    },
    ...states.map((state) => outcomeOf(state, wish)),
  ];
};

const outcomeOf = ({ call, result }: CallState, wish: MessageWish): ModelMessage => {
  const about = { role: "tool", callId: call.callId, name: sayableName(call.name) } as const;
  if (!result) {
    return { ...about, text: call.runs === "client" ? "waiting for its result" : "waiting for approval" };
  }
  const text = cutText(result.content, wish.resultChars ?? Infinity);
  return { ...about, text, ...(result.outcome !== "result" && { failed: true }) };
};

/** Providers refuse a request that has a tool's name of another form, though a model may have made one up. */
const sayableName = (name: string): string =>
  name.replaceAll(/[^A-Za-z0-9_-]/g, "_").slice(0, 64) || "unknown";

/** Providers take arguments as an object, though a model may have written anything. */
const objectText = (text: string, max: number): string => {
  if (text.length > max) return JSON.stringify({ left_out: `${text.length} characters` });
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? text.toWellFormed() : "{}";
  } catch {
    return "{}";
  }
};
