import { setTimeout as sleep } from "node:timers/promises";
import { watchUse, type Use } from "../proc.ts";
import { orderText } from "../stand-in/order.ts";
import { tokenLength, tokensBetween, type SharedClock } from "../stamp.ts";
import { createAnswerReader, type AnswerReader, type Watch } from "./answer-reader.ts";
import { eachOf, openClient, type Client } from "./client.ts";
import { createHistogram } from "./histogram.ts";
import type { JobOf } from "./job.ts";
import { openSse } from "./sse.ts";
import { createStandInControl } from "./stand-in-control.ts";
import type { Wire } from "./wire.ts";

export interface TurnsResult {
  /** Tokens that left the provider in the window, and how many of them had arrived at the reader within 100 ms. */
  readonly sent: number;
  readonly inTime: number;
  /** Tokens and frames that came in during the window, whenever they were sent. */
  readonly delivered: number;
  readonly frames: number;
  readonly p50: number;
  readonly p99: number;
  /** Answers that came to their end within the time to run out, and how many of them were byte-exact. */
  readonly ended: number;
  readonly exact: number;
  readonly faults: readonly string[];
  readonly use: Use;
}

const inTimeMs = 100;

/** N turns at once, each on a connection and a channel of its own; one reader each. */
export const runTurns = async (
  job: JobOf<"turns">,
  wire: Wire | undefined,
  clock: SharedClock,
): Promise<TurnsResult> => {
  const control = createStandInControl(job.standInPort);
  const watch: Watch = { histogram: undefined, from: 0, to: 0 };
  const buffer = Buffer.allocUnsafeSlow(256 * 1024);
  const readers: AnswerReader[] = Array.from({ length: job.turns }, () => createAnswerReader(watch));
  const orderOf = (index: number): string => orderText({ key: `t${index}`, rate: job.rate, count: 0 });

  const start = async (index: number): Promise<(() => void) | undefined> => {
    const reader = readers[index];
    if (!reader) return undefined;
    if (!wire)
      return openSse({
        port: job.standInPort,
        buffer,
        onSaid: (said) => reader.take(said, clock()),
        order: orderOf(index),
      });
    const subscribed = Promise.withResolvers<void>();
    const client: Client = await openClient({
      wire,
      port: job.port,
      buffer,
      onSaid(said) {
        if (said.kind === "subscribed") subscribed.resolve();
        else reader.take(said, clock());
      },
    });
    client.send(wire.subscribe({ channel: `c${index}`, delta: true }));
    if (wire.confirms) await subscribed.promise;
    return () => client.send(wire.prompt(`c${index}`, `p${index}`, orderOf(index)));
  };
  const prompts = await eachOf(job.turns, 50, start);

  // Evenly over a second, so that the turns' tokens do not all fall into the same moment.
  const began = clock();
  for (const [index, prompt] of prompts.entries()) {
    const due = began + (index * 1000) / job.turns;
    if (clock() < due) await sleep(due - clock());
    prompt?.();
  }
  await sleep(job.warmMs);

  const length = (): number => readers.reduce((sum, reader) => sum + reader.length(), 0);
  const frames = (): number => readers.reduce((sum, reader) => sum + reader.frames(), 0);
  const histogram = createHistogram();
  watch.from = clock();
  watch.to = Number.POSITIVE_INFINITY;
  watch.histogram = histogram;
  const used = watchUse(job.watched);
  const [lengthBefore, framesBefore] = [length(), frames()];
  await sleep(job.windowMs);
  watch.to = clock();
  const use = used();
  const delivered = (length() - lengthBefore) / tokenLength;
  const framesIn = frames() - framesBefore;
  await sleep(2 * inTimeMs);

  await control.finish();
  const gaveUp = clock() + 4_000;
  while (clock() < gaveUp && readers.some((reader) => !reader.ended())) await sleep(50);
  const digests = await control.digests();
  // What left the provider in the window is read off the whole texts: each token says when it left.
  const sent = readers.reduce((sum, reader) => sum + tokensBetween(reader.text(), watch.from, watch.to), 0);
  return {
    sent,
    inTime: histogram.within(inTimeMs),
    delivered,
    frames: framesIn,
    p50: histogram.quantile(0.5),
    p99: histogram.quantile(0.99),
    ended: readers.filter((reader) => reader.ended()).length,
    exact: readers.filter((reader, index) => reader.matches(digests[`t${index}`])).length,
    faults: readers.flatMap((reader) => reader.faults()).slice(0, 5),
    use,
  };
};
