import { setTimeout as sleep } from "node:timers/promises";
import { watchUse, type Use } from "../proc.ts";
import { ageOf, stampOf, type SharedClock } from "../stamp.ts";
import { eachOf, openClient } from "./client.ts";
import { createHistogram } from "./histogram.ts";
import type { JobOf } from "./job.ts";
import type { Wire } from "./wire.ts";

export interface FanoutResult {
  /** Frames published in the window, and deliveries of them and their neighbours that came in meanwhile. */
  readonly published: number;
  readonly delivered: number;
  /** Published in all, and the readers that got exactly as many. */
  readonly publishedInAll: number;
  readonly wholeReaders: number;
  readonly bytesPerFrame: number;
  readonly p99: number;
  readonly use: Use;
}

/** One channel, many readers, one publisher at a steady rate. */
export const runFanout = async (
  job: JobOf<"fanout">,
  wire: Wire,
  clock: SharedClock,
): Promise<FanoutResult> => {
  const buffer = Buffer.allocUnsafeSlow(256 * 1024);
  const counts = new Uint32Array(job.readers);
  const histogram = createHistogram();
  let watching = false;
  let bytesPerFrame = 0;
  const clients = await eachOf(job.readers, 50, (index) =>
    openClient({
      wire,
      port: job.port,
      buffer,
      onSaid(said, frameLength) {
        if (said.kind !== "relay") return;
        counts[index] = (counts[index] ?? 0) + 1;
        bytesPerFrame = frameLength;
        if (watching) histogram.add(ageOf(said.stamp, 0, clock()));
      },
    }),
  );
  for (const client of clients) client.send(wire.subscribe({ channel: "fanout", delta: false }));
  const publisher = await openClient({ wire, port: job.port, buffer, onSaid: () => undefined });
  await sleep(500);

  let published = 0;
  const text = "x".repeat(160);
  const began = clock();
  const timer = setInterval(() => {
    while (published < ((clock() - began) * job.rate) / 1000) {
      publisher.send(wire.publish("fanout", `{"stamp":"${stampOf(clock())}","text":"${text}"}`));
      published += 1;
    }
  }, 2);
  const sum = (): number => counts.reduce((all, count) => all + count, 0);

  await sleep(job.warmMs);
  watching = true;
  const used = watchUse(job.watched);
  const [publishedBefore, deliveredBefore] = [published, sum()];
  await sleep(job.windowMs);
  const use = used();
  const [inWindow, delivered] = [published - publishedBefore, sum() - deliveredBefore];
  watching = false;
  clearInterval(timer);
  await sleep(1_000);
  return {
    published: inWindow,
    delivered,
    publishedInAll: published,
    wholeReaders: counts.filter((count) => count === published).length,
    bytesPerFrame,
    p99: histogram.quantile(0.99),
    use,
  };
};
