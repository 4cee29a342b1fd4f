import { setTimeout as sleep } from "node:timers/promises";
import { rssOf } from "../proc.ts";
import { eachOf, openClient } from "./client.ts";
import type { JobOf } from "./job.ts";
import type { Wire } from "./wire.ts";

export interface IdleResult {
  readonly connections: number;
  readonly rssBefore: number;
  readonly rssAfter: number;
}

/** Connections of one loopback address before its ports might run out. */
const perAddress = 10_000;

/** Many connections, each subscribed to a channel of its own, and then silence. */
export const runIdle = async (job: JobOf<"idle">, wire: Wire): Promise<IdleResult> => {
  const buffer = Buffer.allocUnsafeSlow(64 * 1024);
  const connectOne = (name: string, index: number) =>
    openClient({
      wire,
      port: job.port,
      buffer,
      ...(index < perAddress ? {} : { localAddress: `127.0.0.${2 + Math.floor(index / perAddress)}` }),
      onSaid: () => undefined,
    }).then((client) => {
      client.send(wire.subscribe({ channel: `${name}-${index}`, delta: false }));
      return client;
    });

  // What a server builds once, for its first connections, is not theirs.
  const first = await eachOf(50, 10, (index) => connectOne("first", index));
  for (const client of first) client.link.cut();
  await sleep(1_000);
  const rssBefore = rssOf(job.watched.serverPid);
  await eachOf(job.connections, 100, (index) => connectOne("idle", index));
  await sleep(job.settleMs);
  return { connections: job.connections, rssBefore, rssAfter: rssOf(job.watched.serverPid) };
};
