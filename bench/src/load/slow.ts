import { setTimeout as sleep } from "node:timers/promises";
import { rssOf } from "../proc.ts";
import { orderText } from "../stand-in/order.ts";
import type { SharedClock } from "../stamp.ts";
import { createAnswerReader, type AnswerReader, type Watch } from "./answer-reader.ts";
import { eachOf, openClient, type Client } from "./client.ts";
import { createHistogram } from "./histogram.ts";
import type { JobOf } from "./job.ts";
import { createStandInControl } from "./stand-in-control.ts";
import type { Wire } from "./wire.ts";

export interface SlowResult {
  readonly slow: number;
  /** Text frames that a slow reader got (the most of all), and those of a fast reader of the same answer. */
  readonly slowFrames: number;
  readonly fastFrames: number;
  /** Slow readers that stayed connected all the time; that have the whole text, byte for byte. */
  readonly connected: number;
  readonly exact: number;
  /** From the fast reader's end to the last slow reader's, milliseconds. */
  readonly lastEndMs: number;
  /** Growth of the server's memory while the answer ran, at its highest, bytes. */
  readonly growth: number;
  /** Of the readers of other answers. */
  readonly othersP99: number;
  readonly faults: readonly string[];
}

interface Seat {
  readonly reader: AnswerReader;
  readonly client: Client;
  readonly open: () => boolean;
  endedAt: number;
}

const ticksPerSecond = 4;

/** Readers of one answer that read `bytesPerSecond`, among others that do not wait; with 0 nobody is slow. */
export const runSlow = async (job: JobOf<"slow">, wire: Wire, clock: SharedClock): Promise<SlowResult> => {
  const control = createStandInControl(job.standInPort);
  const histogram = createHistogram();
  const others: Watch = { histogram, from: 0, to: Number.POSITIVE_INFINITY };
  const unwatched: Watch = { histogram: undefined, from: 0, to: 0 };
  const shared = Buffer.allocUnsafeSlow(256 * 1024);
  const isSlow = job.bytesPerSecond > 0;

  const sit = async (channel: string, paced: boolean, watch: Watch): Promise<Seat> => {
    const reader = createAnswerReader(watch);
    const client = await openClient({
      wire,
      port: job.port,
      buffer: paced ? Buffer.allocUnsafeSlow(Math.floor(job.bytesPerSecond / ticksPerSecond)) : shared,
      paced,
      onSaid(said) {
        const now = clock();
        reader.take(said, now);
        if (said.kind === "end") seat.endedAt = now;
      },
    });
    const seat: Seat = { reader, client, open: client.link.open, endedAt: 0 };
    client.send(wire.subscribe({ channel, delta: true }));
    return seat;
  };

  const paced: Client[] = [];
  const pace = setInterval(() => {
    for (const client of paced) client.link.readOn();
  }, 1000 / ticksPerSecond);
  const near = await sit("slow", false, unwatched);
  const far = await eachOf(job.fast, 20, (index) => sit(`f${index}`, false, others));
  const slow = await eachOf(job.readers, 20, async () => {
    const seat = await sit("slow", isSlow, unwatched);
    if (isSlow) paced.push(seat.client);
    return seat;
  });
  await sleep(2_000);

  const rssBefore = rssOf(job.watched.serverPid);
  let growth = 0;
  const sampler = setInterval(() => {
    growth = Math.max(growth, rssOf(job.watched.serverPid) - rssBefore);
  }, 500);
  for (const [index, seat] of far.entries()) {
    seat.client.send(
      wire.prompt(`f${index}`, `f${index}`, orderText({ key: `f${index}`, rate: 50, count: 0 })),
    );
  }
  near.client.send(wire.prompt("slow", "s", orderText({ key: "slow", rate: job.rate, count: job.count })));
  const until = async (limitMs: number, done: () => boolean): Promise<void> => {
    const gaveUp = clock() + limitMs;
    while (!done() && clock() < gaveUp) await sleep(50);
  };
  await until((job.count / job.rate) * 1000 + 20_000, () => near.reader.ended());
  clearInterval(sampler);
  others.to = clock();
  const digests = await control.digests();
  await control.finish();
  await until(90_000, () => slow.every((seat) => seat.reader.ended() || !seat.open()));
  clearInterval(pace);
  return {
    slow: slow.length,
    slowFrames: Math.max(...slow.map((seat) => seat.reader.frames())),
    fastFrames: near.reader.frames(),
    connected: slow.filter((seat) => seat.open()).length,
    exact: slow.filter((seat) => seat.reader.matches(digests["slow"])).length,
    lastEndMs: slow.every((seat) => seat.reader.ended())
      ? Math.max(...slow.map((seat) => seat.endedAt)) - near.endedAt
      : Number.POSITIVE_INFINITY,
    growth,
    othersP99: histogram.quantile(0.99),
    faults: [near, ...slow, ...far].flatMap((seat) => seat.reader.faults()).slice(0, 5),
  };
};
