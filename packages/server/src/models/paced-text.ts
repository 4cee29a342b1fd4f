import type { Clock } from "../kernel/clock.ts";
import { EventQueue } from "../kernel/event-queue.ts";
import type { ModelEvent } from "./model.ts";

export type ToolCallEvent = Extract<ModelEvent, { type: "tool-call" }>;

export interface Pace {
  /** Time between two pieces, milliseconds. */
  readonly everyMs: number;
  readonly clock: Clock;
}

/**
 * Says pieces of text at a steady pace, the first at once, then finishes. A reader that lags holds it back.
 *
 * @param calls told after the text; the end is then that they were made
 */
export const pacedText = (
  pieces: readonly string[],
  pace: Pace,
  signal: AbortSignal,
  calls: readonly ToolCallEvent[] = [],
): AsyncIterableIterator<ModelEvent, undefined> => {
  let said = 0;
  const queue = new EventQueue<ModelEvent>({
    capacity: 64 * 1024,
    onDrained: () => {},
    onLeft: () => leave(),
  });
  const leave = (): void => {
    stop();
    signal.removeEventListener("abort", onAbort);
  };
  const onAbort = (): void => {
    queue.cut(signal.reason);
    leave();
  };
  const say = (): void => {
    const text = pieces[said];
    if (text !== undefined) {
      if (!queue.full) {
        said += 1;
        queue.push({ type: "text", text }, text.length);
      }
      return;
    }
    for (const call of calls) queue.push(call, call.arguments.length);
    queue.push({ type: "finish", reason: calls.length > 0 ? "tool-calls" : "stop" }, 1);
    queue.end();
    leave();
  };
  const stop = pace.clock.every(pace.everyMs, say);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  else say();
  return queue;
};

/** A text as words, each with the white space that follows it: joined again they are the text. */
export const words = (text: string): string[] => text.match(/^\s+|\S+\s*/g) ?? [];
