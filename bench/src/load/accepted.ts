import { setTimeout as sleep } from "node:timers/promises";
import { orderText } from "../stand-in/order.ts";
import type { SharedClock } from "../stamp.ts";
import { watchUse, type Use } from "../proc.ts";
import { eachOf, openClient } from "./client.ts";
import { createHistogram } from "./histogram.ts";
import type { JobOf } from "./job.ts";
import { createStandInControl } from "./stand-in-control.ts";
import type { Wire } from "./wire.ts";

export interface AcceptedResult {
  readonly prompts: number;
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
  readonly faults: readonly string[];
  readonly use: Use;
}

/** Rounds that are not counted: conversations are opened and code grows warm in them. */
const warmRounds = 10;
const pauseMs = 100;

/** Rounds of as many prompts at once as there are connections; each round waits for the answers' ends. */
export const runAccepted = async (
  job: JobOf<"accepted">,
  wire: Wire,
  clock: SharedClock,
): Promise<AcceptedResult> => {
  const buffer = Buffer.allocUnsafeSlow(256 * 1024);
  const histogram = createHistogram();
  const asked = new Float64Array(job.width);
  const faults: string[] = [];
  await createStandInControl(job.standInPort).stepBack();
  let round = 0;
  let open = 0;
  let done = Promise.withResolvers<void>();
  const clients = await eachOf(job.width, 50, (index) =>
    openClient({
      wire,
      port: job.port,
      buffer,
      onSaid(said) {
        if (said.kind === "accepted") {
          if (round >= warmRounds) histogram.add(clock() - (asked[index] ?? 0));
        } else if (said.kind === "fault") {
          faults.push(said.why);
          done.resolve();
        } else if (said.kind === "end") {
          open -= 1;
          if (open === 0) done.resolve();
        }
      },
    }),
  );
  for (const [index, client] of clients.entries())
    client.send(wire.subscribe({ channel: `a${index}`, delta: true }));

  let used = watchUse(job.watched);
  while (round < warmRounds + job.rounds && faults.length === 0) {
    if (round === warmRounds) used = watchUse(job.watched);
    done = Promise.withResolvers();
    open = clients.length;
    for (const [index, client] of clients.entries()) {
      const id = `r${round}-${index}`;
      asked[index] = clock();
      client.send(wire.prompt(`a${index}`, id, orderText({ key: id, rate: 50, count: 2 })));
    }
    const late = setTimeout(() => {
      faults.push(`${open} answers of round ${round} did not end`);
      done.resolve();
    }, 10_000);
    await done.promise;
    clearTimeout(late);
    await sleep(pauseMs);
    round += 1;
  }
  return {
    prompts: histogram.count(),
    p50: histogram.quantile(0.5),
    p99: histogram.quantile(0.99),
    worst: histogram.quantile(1),
    faults: faults.slice(0, 5),
    use: used(),
  };
};
