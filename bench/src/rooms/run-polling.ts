import { setTimeout as sleep } from "node:timers/promises";
import { createAnswerReader } from "../load/answer-reader.ts";
import { eachOf } from "../load/client.ts";
import { createHistogram } from "../load/histogram.ts";
import type { JobOf } from "../load/job.ts";
import { createStandInControl } from "../load/stand-in-control.ts";
import { rssOf } from "../proc.ts";
import { orderText } from "../stand-in/order.ts";
import type { SharedClock } from "../stamp.ts";
import { openMember, type Member } from "./member.ts";
import { openPollingMember } from "./polling-member.ts";

export interface PollingResult {
  /** Pieces of text that a polling member got (the most of all), and those of a member with a WebSocket. */
  readonly pollFrames: number;
  readonly fastFrames: number;
  /** Polling members that stayed connected all the time; that have the whole text, byte for byte. */
  readonly connected: number;
  readonly exact: number;
  /** From the end at a member with a WebSocket to the last polling member's, milliseconds. */
  readonly lastEndMs: number;
  /** Growth of the server's memory while the answer ran, at its highest, bytes. */
  readonly growth: number;
  /** Of the members with WebSockets. */
  readonly othersP99: number;
  readonly faults: readonly string[];
}

const chat = "busy";

/** One room, one long answer: some members poll and read slowly, others have WebSockets and do not wait. */
export const runRoomPolling = async (
  job: JobOf<"room-polling">,
  clock: SharedClock,
): Promise<PollingResult> => {
  const { port } = job;
  const control = createStandInControl(job.standInPort);
  const buffer = Buffer.allocUnsafeSlow(256 * 1024);
  const histogram = createHistogram();
  const watch = { histogram, from: 0, to: Number.POSITIVE_INFINITY };
  const unwatched = { histogram: undefined, from: 0, to: 0 };
  let bytesPerSecond = 0;

  const others = Array.from({ length: job.others }, () => createAnswerReader(watch));
  let endedAt = 0;
  const sit = (index: number): Promise<Member> =>
    openMember({
      port,
      buffer,
      chat,
      user: `other-${index}`,
      ...(index > 0 && { role: "reader" as const }),
      onSaid(said) {
        const now = clock();
        others[index]?.take(said, now);
        if (said.kind === "end") endedAt = now;
      },
    });
  const owner = await sit(0);
  await eachOf(job.others - 1, 20, (index) => sit(index + 1));

  let lastEnd = 0;
  const readers = Array.from({ length: job.pollers }, () => createAnswerReader(unwatched));
  const pollers = await eachOf(job.pollers, 20, (index) =>
    openPollingMember({
      port,
      chat,
      user: `poller-${index}`,
      role: "reader",
      bytesPerSecond: () => bytesPerSecond,
      onSaid(said) {
        readers[index]?.take(said, clock());
        if (said.kind === "end") lastEnd = Math.max(lastEnd, clock());
      },
    }),
  );
  await sleep(2_000);

  bytesPerSecond = job.bytesPerSecond;
  const rssBefore = rssOf(job.watched.serverPid);
  let growth = 0;
  const sampler = setInterval(() => {
    growth = Math.max(growth, rssOf(job.watched.serverPid) - rssBefore);
  }, 250);
  owner.prompt("m1", orderText({ key: chat, rate: job.rate, count: job.count }));
  const until = async (limitMs: number, done: () => boolean): Promise<void> => {
    const gaveUp = clock() + limitMs;
    while (!done() && clock() < gaveUp) await sleep(50);
  };
  await until((job.count / job.rate) * 1_000 + 20_000, () => others.every((reader) => reader.ended()));
  await until(90_000, () => readers.every((reader, index) => reader.ended() || !pollers[index]?.open()));
  clearInterval(sampler);
  const digest = (await control.digests())[chat];
  return {
    pollFrames: Math.max(...readers.map((reader) => reader.frames())),
    fastFrames: others[0]?.frames() ?? 0,
    connected: pollers.filter((poller) => poller.open()).length,
    exact: readers.filter((reader) => reader.matches(digest)).length,
    lastEndMs: readers.every((reader) => reader.ended()) ? lastEnd - endedAt : Number.POSITIVE_INFINITY,
    growth,
    othersP99: histogram.quantile(0.99),
    faults: [
      ...[...others, ...readers].flatMap((reader) => reader.faults()),
      ...pollers.flatMap((poller) => poller.lost() ?? []),
    ].slice(0, 5),
  };
};
