import type { Usage } from "@colloquy/protocol";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import { isFields, isJsonObject, type Fields } from "./json-fields.ts";
import type { FinishReason, ModelEvent } from "./model.ts";

/** Longest arguments of all calls of an answer together, in UTF-16 code units. */
const longestArguments = 1024 * 1024;
const mostCalls = 128;

/** Reads the parts of one stream of the AI SDK. */
export interface AiSdkParts {
  /** The model has said why it stopped: more parts have no meaning. */
  readonly finished: boolean;
  /** Hands over what the part says. What is wrong with it is thrown as a ColloquyError. */
  read(part: unknown): void;
  /** The stream is over. */
  end(): void;
}

export interface AiSdkPartsOptions {
  readonly emit: (event: ModelEvent) => void;
  /** An error in the stream, as one of ours. */
  readonly fault: (error: unknown) => ColloquyError;
  /** Signatures of thoughts are wanted, since the turn may go on after a call. */
  readonly signsThoughts: boolean;
}

type CallEvent = Extract<ModelEvent, { type: "tool-call" }>;
type Metadata = Record<string, unknown>;

export const createAiSdkParts = ({ emit, fault, signsThoughts }: AiSdkPartsOptions): AiSdkParts => {
  let finished = false;
  /** Held until the end: when a stream breaks off, packages tell calls that are not whole as if they were. */
  const calls: CallEvent[] = [];
  let streamed = 0;
  let called = 0;
  /** Calls of which the beginning was told and not yet the whole. */
  const begun = new Set<string>();
  /** Thoughts that are being told. */
  const thoughts = new Map<string, { said: boolean; metadata: Metadata | undefined }>();

  const read = (part: unknown): void => {
    if (!isFields(part)) throw unreadable("a part is no object");
    switch (part["type"]) {
      case "text-delta": {
        const text = textOf(part, "delta");
        if (text !== "") emit({ type: "text", text });
        return;
      }
      case "reasoning-start":
      case "reasoning-delta":
      case "reasoning-end":
        return think(part);
      case "tool-input-start":
        if (part["providerExecuted"] !== true) begun.add(textOf(part, "id"));
        return;
      case "tool-input-delta":
        streamed += textOf(part, "delta").length;
        return bound(streamed);
      case "tool-call":
        return call(part);
      case "finish":
        return finish(part);
      case "error":
        throw fault(part["error"]);
      default:
        // Sources, files that the model made, what the provider ran itself: nothing that a turn has a place for.
        return undefined;
    }
  };

  const think = (part: Fields): void => {
    const id = textOf(part, "id");
    const thought = thoughts.get(id) ?? { said: false, metadata: undefined };
    thoughts.set(id, thought);
    thought.metadata = merged(thought.metadata, part["providerMetadata"]);
    const text = part["type"] === "reasoning-delta" ? textOf(part, "delta") : "";
    if (text !== "") {
      thought.said = true;
      emit({ type: "reasoning", text });
    }
    if (part["type"] !== "reasoning-end") return;
    thoughts.delete(id);
    if (signsThoughts && (thought.said || thought.metadata))
      emit({ type: "reasoning", text: "", native: thought.metadata ?? {} });
  };

  const call = (part: Fields): void => {
    const name = textOf(part, "toolName");
    const text = textOf(part, "input").trim() || "{}";
    begun.delete(textOf(part, "toolCallId"));
    if (part["providerExecuted"] === true) return;
    called += text.length;
    bound(called);
    if (calls.length === mostCalls) throw new ColloquyError("too_long", { detail: "too many tool calls" });
    if (name === "") throw unreadable("a tool call has no name");
    const native = merged(undefined, part["providerMetadata"]);
    calls.push({ type: "tool-call", name, arguments: text, ...(native && { native }) });
  };

  const finish = (part: Fields): void => {
    const reason = reasonOf(part["finishReason"], fault);
    // A call that the limit of length cut off is no call; any other that is not whole means that the stream is not.
    if (begun.size > 0 && reason !== "length" && reason !== "filtered")
      throw new ColloquyError("provider_no_end", { detail: "a tool call was not finished" });
    finished = true;
    const made = wholeCalls(calls, reason);
    for (const one of made) emit(one);
    const usage = usageOf(part["usage"]);
    if (usage) emit({ type: "usage", usage });
    emit({ type: "finish", reason: made.length > 0 ? "tool-calls" : reason });
  };

  return {
    get finished() {
      return finished;
    },
    read,
    end() {
      if (!finished) throw new ColloquyError("provider_no_end");
    },
  };
};

/** What a limit of length cut off is no call, nor is any of an answer that was withheld. */
const wholeCalls = (calls: readonly CallEvent[], reason: FinishReason): readonly CallEvent[] => {
  if (reason === "filtered") return [];
  return reason === "length" ? calls.filter((call) => isJsonObject(call.arguments)) : calls;
};

const bound = (length: number): void => {
  if (length > longestArguments)
    throw new ColloquyError("too_long", { detail: "the arguments of a tool call" });
};

const unreadable = (what: string): ColloquyError =>
  new ColloquyError("provider_bad_stream", { detail: what });

const textOf = (part: Fields, field: string): string => {
  const value = part[field];
  if (typeof value !== "string") throw unreadable(`${String(part["type"])} has no ${field}`);
  return value;
};

/** Metadata is by provider; a later part adds to what an earlier one said. */
const merged = (before: Metadata | undefined, more: unknown): Metadata | undefined => {
  if (!isFields(more)) return before;
  const all: Metadata = { ...before };
  for (const [provider, fields] of Object.entries(more)) {
    const had = all[provider];
    all[provider] = isFields(had) && isFields(fields) ? { ...had, ...fields } : fields;
  }
  return all;
};

const reasonOf = (reason: unknown, fault: AiSdkPartsOptions["fault"]): FinishReason => {
  const { unified, raw } = isFields(reason) ? reason : { unified: undefined, raw: undefined };
  switch (unified) {
    case "stop":
    case "length":
    case "tool-calls":
      return unified;
    case "content-filter":
      return "filtered";
    case "error":
      throw fault(typeof raw === "string" ? raw : undefined);
    case "interrupted":
      throw new ColloquyError("provider_no_end");
    case "other":
      // Packages that do not know `interrupted` yet say this, without a reason of the provider's, when a stream breaks off.
      if (raw === undefined) throw new ColloquyError("provider_no_end");
      return "other";
    default:
      throw unreadable("it ends for no reason");
  }
};

const usageOf = (usage: unknown): Usage | undefined => {
  if (!isFields(usage)) return undefined;
  const inputTokens = totalOf(usage["inputTokens"]);
  const outputTokens = totalOf(usage["outputTokens"]);
  return inputTokens === undefined || outputTokens === undefined ? undefined : { inputTokens, outputTokens };
};

const totalOf = (tokens: unknown): number | undefined => {
  const total = isFields(tokens) ? tokens["total"] : undefined;
  return typeof total === "number" && total >= 0 ? total : undefined;
};
