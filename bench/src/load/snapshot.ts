import { setTimeout as sleep } from "node:timers/promises";
import { orderText } from "../stand-in/order.ts";
import { tokenLength, type SharedClock } from "../stamp.ts";
import { createAnswerReader } from "./answer-reader.ts";
import { openClient } from "./client.ts";
import type { JobOf } from "./job.ts";
import { createStandInControl } from "./stand-in-control.ts";
import type { Wire } from "./wire.ts";

export interface SnapshotResult {
  readonly frames: number;
  /** Bytes that came to the reader, from the prompt to the end of the answer. */
  readonly bytes: number;
  /** What the same frames would have been, one of them a token. */
  readonly oneFrameATokenBytes: number;
  readonly exact: boolean;
  readonly faults: readonly string[];
}

/** One long answer to one reader that is told all of the text each time, as the oldest clients expect. */
export const runSnapshot = async (
  job: JobOf<"snapshot">,
  wire: Wire,
  clock: SharedClock,
): Promise<SnapshotResult> => {
  const control = createStandInControl(job.standInPort);
  const reader = createAnswerReader({ histogram: undefined, from: 0, to: 0 });
  let around = 0;
  const client = await openClient({
    wire,
    port: job.port,
    buffer: Buffer.allocUnsafeSlow(1024 * 1024),
    onSaid(said, frameLength) {
      // What a frame holds beside the text; its WebSocket head is four bytes at these lengths.
      if (said.kind === "text") around = frameLength - said.text.length + 4;
      reader.take(said, clock());
    },
  });
  client.send(wire.subscribe({ channel: "long", delta: false }));
  const before = client.link.bytes();
  client.send(wire.prompt("long", "p", orderText({ key: "long", rate: job.rate, count: job.count })));
  const gaveUp = clock() + (job.count / job.rate) * 1000 + 30_000;
  while (!reader.ended() && reader.faults().length === 0 && clock() < gaveUp) await sleep(100);
  return {
    frames: reader.frames(),
    bytes: client.link.bytes() - before,
    oneFrameATokenBytes: job.count * around + (tokenLength * job.count * (job.count + 1)) / 2,
    exact: reader.matches((await control.digests())["long"]),
    faults: reader.faults(),
  };
};
