import { ColloquyError } from "../kernel/colloquy-error.ts";
import { isJsonObject } from "./json-fields.ts";
import type { FinishReason, ModelEvent } from "./model.ts";
import { unreadable, type CallPiece } from "./openai-chunk.ts";

/** Longest arguments of all calls of an answer together, in UTF-16 code units. */
const longestArguments = 1024 * 1024;
const mostCalls = 128;

type CallEvent = Extract<ModelEvent, { type: "tool-call" }>;

/** Puts the calls of one answer together from their pieces. */
export interface OpenAiCalls {
  /** @throws ColloquyError `too_long` before more than {@link longestArguments} are held */
  add(piece: CallPiece): void;
  /**
   * The calls in the order in which they began, now that the answer is whole. One that the model's limit of length cut off
   * is left out, as are all of an answer that was withheld.
   */
  take(reason: FinishReason): readonly CallEvent[];
}

interface Call {
  readonly index: number | undefined;
  readonly id: string;
  name: string;
  arguments: string;
}

export const createOpenAiCalls = (): OpenAiCalls => {
  const calls: Call[] = [];
  let length = 0;

  const callOf = (piece: CallPiece): Call | undefined => {
    const { index, id } = piece;
    if (index !== undefined) return calls.findLast((call) => call.index === index);
    return id === "" ? calls.at(-1) : calls.findLast((call) => call.id === id);
  };

  return {
    add(piece) {
      length += piece.arguments.length;
      if (length > longestArguments)
        throw new ColloquyError("too_long", { detail: "the arguments of a tool call" });
      const call = callOf(piece);
      if (call && !beginsAnother(piece, call)) {
        call.name ||= piece.name;
        call.arguments += piece.arguments;
        return;
      }
      if (calls.length === mostCalls) throw new ColloquyError("too_long", { detail: "too many tool calls" });
      calls.push({ ...piece });
    },
    take(reason) {
      if (reason === "filtered") return [];
      const whole = reason === "length" ? calls.filter((call) => isJsonObject(call.arguments)) : calls;
      return whole.map((call) => {
        if (call.name === "") throw unreadable("a tool call has no name");
        return { type: "tool-call", name: call.name, arguments: call.arguments.trim() || "{}" };
      });
    },
  };
};

/**
 * Whether a piece begins a call of its own, though the one before would fit. Only a piece with a name can: there are
 * servers that make up a new id for each piece, some that repeat the name in each, and some to which every call is number 0.
 */
const beginsAnother = (piece: CallPiece, call: Call): boolean => {
  if (piece.name === "" || call.name === "") return false;
  if (piece.id !== "" && call.id !== "") return piece.id !== call.id;
  return piece.index === undefined || piece.name !== call.name;
};
