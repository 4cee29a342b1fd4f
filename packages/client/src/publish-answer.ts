import { type Code, type TurnLimits, codes, defaultTurnLimits } from "@colloquy/protocol";
import { threadId as threadIdOf } from "@colloquy/protocol/channels";
import { type AnswerPiece, readAnswerPieces } from "./answer-piece.ts";
import { ClientError } from "./client-error.ts";
import { createPacedWriter } from "./paced-writer.ts";
import type { Publisher } from "./publisher.ts";
import { watchLimits } from "./watch-limits.ts";

/** Which answer it is, and how it is told. */
export interface AnswerTarget {
  readonly channel: string;
  /** Id of the prompt that is answered. */
  readonly messageId: string;
  /** Derived from the channel unless given. */
  readonly threadId?: string;
  /** At least so long between two growing texts, milliseconds; 100 unless given. Widens as the text grows. */
  readonly intervalMs?: number;
  /** First event 60 s, silence 60 s, the whole 15 min, unless given. */
  readonly limits?: Partial<Pick<TurnLimits, "firstEventMs" | "silenceMs" | "turnMs">>;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** How it ended, and all of the text. */
export interface PublishedAnswer {
  readonly end: "completed" | "failed" | "cancelled";
  readonly text: string;
  readonly code?: Code;
}

interface Failure {
  readonly code: Code;
  readonly detail?: string | undefined;
}

const timeouts: ReadonlySet<Code> = new Set<Code>(["first_event_timeout", "silence_timeout", "turn_timeout"]);

/** A high surrogate at the end waits for its partner. */
const readable = (text: string): string =>
  (/[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text).toWellFormed();

/** What a stream threw; its own words may hold what is not for everybody, so they are not told. */
const failureOf = (thrown: unknown): Failure => ({
  code: thrown instanceof ClientError ? thrown.code : "provider_failed",
});

/**
 * Takes an assistant's stream and publishes what its readers see: started, a line for each tool, responding, the growing text,
 * and exactly one end. The stream may be of strings, of {@link AnswerPiece}s, or what the OpenAI SDK gives for Chat
 * Completions, Responses or Assistants. It is left (its `return` is called) on an error, a timeout, or when the signal aborts,
 * which ends the answer as cancelled with the text so far.
 *
 * Resolves when the end has been published, however it ended; rejects only when the end could not be published.
 *
 * @example
 * const stream = await openai.chat.completions.create({ model, messages, stream: true });
 * await publishAnswer(publisher, { channel, messageId }, stream);
 */
export const publishAnswer = async (
  publisher: Pick<Publisher, "send">,
  target: AnswerTarget,
  stream: AsyncIterable<unknown>,
  signal?: AbortSignal,
): Promise<PublishedAnswer> => {
  const { channel, messageId, threadId = threadIdOf(channel), intervalMs = 100, now = Date.now } = target;
  let text = "";
  const names = { message_id: messageId, thread_id: threadId };
  const writer = createPacedWriter({
    intervalMs,
    now,
    text: () => readable(text),
    send: ({ message, ...step }) =>
      publisher.send(channel, {
        ...(message !== undefined && { message }),
        timestamp: now() / 1000,
        ...step,
        ...names,
      }),
  });

  /** The first failure that a piece tells; undefined while all is well. */
  const take = (piece: AnswerPiece): Failure | undefined => {
    if (piece.type === "error") return piece;
    if (piece.type === "tool") {
      const message = piece.message ?? `Executing ${piece.name}...`;
      writer.say({ message, status: "processing", type: "tool", final_message: false });
      return undefined;
    }
    if (text === "") {
      writer.say({
        message: "Assistant is responding...",
        status: "responding",
        type: "status",
        final_message: false,
      });
    }
    text += piece.text;
    writer.grew();
    return undefined;
  };

  const iterator = stream[Symbol.asyncIterator]();
  const watch = watchLimits({ ...defaultTurnLimits, ...target.limits }, now, signal);
  const read = async (): Promise<Failure | undefined> => {
    try {
      for (let item = await iterator.next(); item.done !== true; item = await iterator.next()) {
        if (watch.over) return undefined;
        watch.heard();
        for (const piece of readAnswerPieces(item.value)) {
          const failure = take(piece);
          if (failure !== undefined) return failure;
        }
      }
      return undefined;
    } catch (error) {
      return failureOf(error);
    }
  };

  writer.say({
    message: "Assistant is processing your request...",
    status: "started",
    type: "status",
    final_message: false,
  });
  const failure = await Promise.race([read(), watch.expired]);
  watch.stop();
  // What still hangs in the stream is not waited for.
  if (failure !== undefined) void Promise.resolve(iterator.return?.()).catch(() => undefined);

  const whole = text.toWellFormed();
  if (failure === undefined) {
    writer.say({ message: whole, status: "completed", type: "response", final_message: true });
  } else if (failure.code === "cancelled" && text !== "") {
    writer.say({
      message: whole,
      status: "completed",
      type: "response",
      final_message: true,
      cancelled: true,
    });
  } else {
    const { code, detail = codes[code].says } = failure;
    const message = codes[code].says;
    if (timeouts.has(code)) writer.say({ message, status: "error", type: "timeout" });
    const final = code === "cancelled" ? { final_message: true } : {};
    writer.say({
      message,
      status: "error",
      type: "error",
      ...final,
      error_details: `${code}: ${detail}`,
      code,
    });
  }
  await writer.flush();
  if (failure === undefined) return { end: "completed", text: whole };
  return { end: failure.code === "cancelled" ? "cancelled" : "failed", text: whole, code: failure.code };
};
