import { StringDecoder } from "node:string_decoder";
import { createParser, type EventSourceMessage } from "eventsource-parser";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import type { FinishReason, ModelEvent } from "./model.ts";
import { createOpenAiCalls, type OpenAiCalls } from "./openai-calls.ts";
import { readChunk, unreadable, type ChunkReader } from "./openai-chunk.ts";
import { streamFault } from "./provider-fault.ts";
import type { Usage } from "@colloquy/protocol";

/** Longest line, and longest event, that is read, in UTF-16 code units. */
const longestEvent = 1024 * 1024;

/** Reads the body of a Chat Completions stream, as the bytes come. Whatever is wrong with them is thrown as a ColloquyError. */
export interface OpenAiStream {
  /** `[DONE]` was read: the last events are out, more bytes have no meaning. */
  readonly done: boolean;
  /** The model has said why it stopped: the answer is whole, even if the stream breaks off now. */
  readonly whole: boolean;
  feed(bytes: Buffer): void;
  /**
   * The body is over. A `finish_reason` without `[DONE]` is an end, since the answer is known to be whole; neither is
   * `provider_no_end`.
   */
  end(): void;
  /** The body broke off: hands over the usage that is known so far. */
  broken(): void;
}

export interface OpenAiStreamOptions {
  /** What must not stand in an error. */
  readonly secrets?: readonly string[];
  /**
   * Says with each thought under which name it came, so that it can be given back: there are models that want to see what
   * they thought when they are told what a tool gave.
   */
  readonly signsThoughts?: boolean;
}

/** @param emit takes the events in order; `size` is about what one holds, in UTF-16 code units */
export const createOpenAiStream = (
  emit: (event: ModelEvent, size: number) => void,
  { secrets = [], signsThoughts = false }: OpenAiStreamOptions = {},
): OpenAiStream => {
  const decoder = new StringDecoder("utf8");
  let split = false;
  let done = false;
  let over = false;
  let reason: FinishReason | undefined;
  let usage: Usage | undefined;
  let calls: OpenAiCalls | undefined;
  /** The name under which the thought comes that is being told, if it is to be signed. */
  let thought: string | undefined;

  const signThought = (field: string): void => {
    thought = undefined;
    emit({ type: "reasoning", text: "", native: { field } }, 1);
  };

  const reader: ChunkReader = {
    text(text) {
      if (thought !== undefined) signThought(thought);
      emit({ type: "text", text }, text.length);
    },
    reasoning(text, field) {
      if (signsThoughts) thought = field;
      emit({ type: "reasoning", text }, text.length);
    },
    call(piece) {
      if (thought !== undefined) signThought(thought);
      calls ??= createOpenAiCalls();
      calls.add(piece);
    },
    usage: (spent) => (usage = spent),
    finish: (why) => (reason = why),
    fault: (error) => {
      throw streamFault(error, secrets);
    },
  };

  // Usage comes after the reason, by some servers in every chunk: it is handed over once, when all was said.
  const broken = (): void => {
    if (usage) emit({ type: "usage", usage }, 1);
    usage = undefined;
  };
  const finish = (why: FinishReason): void => {
    done = true;
    if (thought !== undefined) signThought(thought);
    const called = calls?.take(why) ?? [];
    for (const call of called) emit(call, call.arguments.length);
    broken();
    // Servers call it a plain stop, too, when they stop to be told what a tool gave.
    emit({ type: "finish", reason: called.length > 0 ? "tool-calls" : why }, 1);
  };

  const onEvent = ({ data, event }: EventSourceMessage): void => {
    if (done) return;
    // Nearly every event is a JSON object.
    if (data.charCodeAt(0) !== 0x7b) {
      const word = data.trim();
      if (word === "") return;
      if (word === "[DONE]") return finish(reason ?? "stop");
      if (event === "error") throw streamFault(word, secrets);
    }
    let chunk: unknown;
    try {
      chunk = JSON.parse(data);
    } catch (cause) {
      // A body that ends in the middle of an event has no end, which says more than "bad JSON".
      if (over) return;
      throw unreadable("an event is not JSON", cause);
    }
    readChunk(chunk, reader);
  };

  const parser = createParser({
    onEvent,
    onError: (error) => {
      if (error.type === "max-buffer-size-exceeded") throw unreadable("an event is too long", error);
    },
    maxBufferSize: longestEvent,
  });

  return {
    get done() {
      return done;
    },
    get whole() {
      return reason !== undefined;
    },
    feed(bytes) {
      const last = bytes[bytes.length - 1];
      if (last === undefined || done) return;
      // Only bytes that end within a character, or go on from one, need the decoder.
      if (!split && last < 0x80) {
        parser.feed(bytes.toString("utf8"));
        return;
      }
      split = last >= 0x80;
      parser.feed(decoder.write(bytes));
    },
    end() {
      over = true;
      // Some servers leave out the line ends after their last event.
      if (!done) parser.feed(`${decoder.end()}\n\n`);
      if (done) return;
      if (reason === undefined) throw new ColloquyError("provider_no_end");
      finish(reason);
    },
    broken,
  };
};
