import { setTimeout as sleep } from "node:timers/promises";
import { createHistogram } from "../load/histogram.ts";
import type { JobOf } from "../load/job.ts";
import { watchUse, type Use } from "../proc.ts";
import type { SharedClock } from "../stamp.ts";
import { openMember } from "./member.ts";

export interface ArrivalsResult {
  readonly arrived: number;
  readonly lost: number;
  /** From a client's connect to its `room_joined`, milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
  readonly faults: readonly string[];
  readonly use: Use;
}

const patienceMs = 30_000;

/** Clients that connect, say who they are, look for their chat, create its room and join it, and stay. */
export const runArrivals = async (
  job: JobOf<"room-arrivals">,
  clock: SharedClock,
): Promise<ArrivalsResult> => {
  const buffer = Buffer.allocUnsafeSlow(64 * 1024);
  const histogram = createHistogram();
  const faults: string[] = [];
  const arrive = async (name: string): Promise<void> => {
    const late = sleep(patienceMs, undefined, { ref: false }).then(() => {
      throw new Error(`not in after ${patienceMs / 1_000} s`);
    });
    await Promise.race([openMember({ port: job.port, buffer, user: name, chat: `chat-${name}` }), late]);
  };
  for (let index = 0; index < 20; index += 1) await arrive(`warm-${index}`);

  const used = watchUse(job.watched);
  const began = clock();
  const coming: Promise<void>[] = [];
  for (let index = 0; index < job.clients; index += 1) {
    const due = began + (index * job.withinMs) / job.clients;
    if (clock() < due) await sleep(due - clock());
    const from = clock();
    coming.push(
      arrive(`user-${index}`).then(
        () => histogram.add(clock() - from),
        (error: unknown) => void faults.push(String(error)),
      ),
    );
  }
  await Promise.all(coming);
  return {
    arrived: histogram.count(),
    lost: job.clients - histogram.count(),
    p50: histogram.quantile(0.5),
    p99: histogram.quantile(0.99),
    worst: histogram.quantile(1),
    faults: faults.slice(0, 5),
    use: used(),
  };
};
