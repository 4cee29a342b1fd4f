import type { Usage } from "@colloquy/protocol";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import { isFields, type Fields } from "./json-fields.ts";
import type { FinishReason } from "./model.ts";

/** A piece of a call: OpenAI sends id and name first, then the arguments bit by bit; others send it whole. */
export interface CallPiece {
  /** Which of the answer's calls it belongs to; some servers leave it out, or say 0 for all. */
  readonly index: number | undefined;
  /** Empty where the server gives none. */
  readonly id: string;
  /** Empty in most pieces. */
  readonly name: string;
  readonly arguments: string;
}

/** Where the pieces of a chunk go. */
export interface ChunkReader {
  text(text: string): void;
  /** `field`: the name under which it came, if it is one under which it can be given back. */
  reasoning(text: string, field?: string): void;
  call(piece: CallPiece): void;
  usage(usage: Usage): void;
  finish(reason: FinishReason): void;
  /** An error object in the chunk; throws. */
  fault(error: unknown): never;
}

/** Reads one chunk of a Chat Completions stream. Only the first choice counts: one is asked for. */
export const readChunk = (chunk: unknown, into: ChunkReader): void => {
  if (!isFields(chunk)) throw unreadable("a chunk is not an object");
  if (chunk["error"] != null) into.fault(chunk);
  if (chunk["object"] === "error" || chunk["type"] === "error") into.fault(chunk);
  const choices = chunk["choices"];
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  if (isFields(choice) && (choice["index"] ?? 0) === 0) readChoice(choice, into);
  const usage =
    usageOf(chunk["usage"]) ?? usageOf(isFields(chunk["x_groq"]) ? chunk["x_groq"]["usage"] : undefined);
  if (usage) into.usage(usage);
};

const readChoice = (choice: Fields, into: ChunkReader): void => {
  // A server that cannot stream what was asked may send a whole message in one chunk.
  const delta = choice["delta"] ?? choice["message"];
  if (isFields(delta)) {
    const content = delta["content"];
    // Two names for one thing; servers that send both repeat themselves.
    const field = delta["reasoning_content"] == null ? "reasoning" : "reasoning_content";
    const reasoning = delta[field];
    if (typeof reasoning === "string" && reasoning !== "") into.reasoning(reasoning, field);
    if (typeof content === "string") {
      if (content !== "") into.text(content);
    } else if (content != null) {
      readParts(content, into);
    } else if (typeof delta["refusal"] === "string" && delta["refusal"] !== "") {
      into.text(delta["refusal"]);
    }
    const calls = delta["tool_calls"];
    if (calls != null) readCalls(calls, into);
  }
  const reason = choice["finish_reason"];
  if (typeof reason === "string" && reason !== "" && reason !== "null") {
    if (reason === "error") into.fault(choice);
    into.finish(finishReason(reason));
  }
};

const readCalls = (calls: unknown, into: ChunkReader): void => {
  if (!Array.isArray(calls)) throw unreadable("tool calls are no list");
  for (const call of calls) {
    const what: unknown = isFields(call) ? call["function"] : undefined;
    if (!isFields(call) || !isFields(what)) throw unreadable("a tool call is none");
    const { index, id } = call;
    into.call({
      index: typeof index === "number" ? index : undefined,
      id: typeof id === "string" ? id : "",
      name: typeof what["name"] === "string" ? what["name"] : "",
      arguments: argumentsOf(what["arguments"]),
    });
  }
};

/** Servers that send a call whole may send its arguments as an object. */
const argumentsOf = (value: unknown): string => {
  if (typeof value === "string") return value;
  if (value == null) return "";
  return JSON.stringify(value);
};

/** Content as a list of parts, as Mistral's reasoning models send it. */
const readParts = (content: unknown, into: ChunkReader): void => {
  if (!Array.isArray(content)) throw unreadable("content is not text");
  for (const part of content as readonly unknown[]) {
    if (!isFields(part)) throw unreadable("a part of the content is not an object");
    if (part["type"] === "text" && typeof part["text"] === "string") into.text(part["text"]);
    if (part["type"] === "thinking" && Array.isArray(part["thinking"])) {
      for (const thought of part["thinking"] as readonly unknown[]) {
        if (isFields(thought) && typeof thought["text"] === "string") into.reasoning(thought["text"]);
      }
    }
  }
};

const finishReason = (reason: string): FinishReason => {
  switch (reason.toLowerCase()) {
    case "stop":
    case "eos":
    case "end_turn":
    case "stop_sequence":
      return "stop";
    case "length":
    case "max_tokens":
    case "model_length":
      return "length";
    case "content_filter":
    case "safety":
      return "filtered";
    case "tool_calls":
    case "function_call":
    case "tool_use":
      return "tool-calls";
    default:
      return "other";
  }
};

const usageOf = (usage: unknown): Usage | undefined => {
  if (!isFields(usage)) return undefined;
  const inputTokens = usage["prompt_tokens"] ?? usage["input_tokens"];
  const outputTokens = usage["completion_tokens"] ?? usage["output_tokens"];
  return isCount(inputTokens) && isCount(outputTokens) ? { inputTokens, outputTokens } : undefined;
};

const isCount = (value: unknown): value is number => typeof value === "number" && value >= 0;

/** What the provider sent has no meaning as a Chat Completions stream. */
export const unreadable = (what: string, cause?: unknown): ColloquyError =>
  new ColloquyError("provider_bad_stream", { detail: what, ...(cause === undefined ? {} : { cause }) });
