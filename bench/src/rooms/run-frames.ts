import { setTimeout as sleep } from "node:timers/promises";
import { createAnswerReader } from "../load/answer-reader.ts";
import { eachOf } from "../load/client.ts";
import { createHistogram } from "../load/histogram.ts";
import type { JobOf } from "../load/job.ts";
import { createStandInControl } from "../load/stand-in-control.ts";
import { watchUse, type Use } from "../proc.ts";
import { orderText } from "../stand-in/order.ts";
import { stampOf, tokenLength, type SharedClock } from "../stamp.ts";
import { openMember, type Member } from "./member.ts";

export interface FramesResult {
  /** Frames that came in during the window, at all members together. */
  readonly delivered: number;
  readonly bytesPerFrame: number;
  /** Members that had, in the end, all of the text. */
  readonly whole: number;
  readonly p99: number;
  readonly use: Use;
}

const chat = "frames";
/** As long as a cursor is, so that a publisher's frames are as long as an answer's. */
const cursor = "x".repeat(45);

/** Publishes tokens as chunks until it is stopped; stopping gives their text's length. */
const publish = (by: Member, rate: number, clock: SharedClock): (() => number) => {
  const began = clock();
  let sent = 0;
  const timer = setInterval(() => {
    while (sent < ((clock() - began) * rate) / 1_000) {
      const chunk = {
        message_id: "room_00000000-0000-4000-8000-000000000000_1",
        content: stampOf(clock()),
        done: false,
        offset: sent * tokenLength,
        cursor,
      };
      by.client.send(by.wire.publish(chat, JSON.stringify(chunk)));
      sent += 1;
    }
  }, 2);
  return () => {
    clearInterval(timer);
    return sent * tokenLength;
  };
};

/** One room with many members, each on a connection and a user of its own, and a text that grows in it. */
export const runRoomFrames = async (job: JobOf<"room-frames">, clock: SharedClock): Promise<FramesResult> => {
  const control = createStandInControl(job.standInPort);
  const buffer = Buffer.allocUnsafeSlow(256 * 1024);
  const watch = { histogram: createHistogram(), from: 0, to: 0 };
  const readers = Array.from({ length: job.members }, () => createAnswerReader(watch));
  let bytes = 0;
  const sit = (index: number): Promise<Member> =>
    openMember({
      port: job.port,
      buffer,
      chat,
      user: `member-${index}`,
      ...(index > 0 && { role: "reader" as const }),
      onSaid(said, frameLength) {
        readers[index]?.take(said, clock());
        if (said.kind === "text") bytes += frameLength;
      },
    });
  const owner = await sit(0);
  await eachOf(job.members - 1, 50, (index) => sit(index + 1));
  await sleep(500);

  const publisher = job.by === "publisher" ? publish(owner, job.rate, clock) : undefined;
  if (!publisher) owner.prompt("m1", orderText({ key: chat, rate: job.rate, count: 0 }));
  await sleep(job.warmMs);

  const frames = (): number => readers.reduce((sum, reader) => sum + reader.frames(), 0);
  watch.from = clock();
  watch.to = Number.POSITIVE_INFINITY;
  const used = watchUse(job.watched);
  const [framesBefore, bytesBefore] = [frames(), bytes];
  await sleep(job.windowMs);
  watch.to = clock();
  const use = used();
  const delivered = frames() - framesBefore;
  const bytesPerFrame = (bytes - bytesBefore) / delivered;

  const length = publisher?.();
  if (length === undefined) await control.finish();
  await sleep(1_000);
  const digest = (await control.digests())[chat];
  const whole = readers.filter(
    (reader) =>
      reader.faults().length === 0 &&
      (length === undefined ? reader.matches(digest) : reader.length() === length),
  );
  return { delivered, bytesPerFrame, whole: whole.length, p99: watch.histogram.quantile(0.99), use };
};
