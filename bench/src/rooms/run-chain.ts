import { eachOf } from "../load/client.ts";
import { createHistogram } from "../load/histogram.ts";
import type { JobOf } from "../load/job.ts";
import { watchUse, type Use } from "../proc.ts";
import type { SharedClock } from "../stamp.ts";
import { openMember } from "./member.ts";
import { chainCalls, chainModel } from "./model-ids.ts";

export interface ChainResult {
  /** From the prompt to the answer's end, for each time that the model was asked; milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** CPU of the server for each time that the model was asked, all its threads; milliseconds. */
  readonly cpuMs: number;
  /** Turns that did not bring all results. */
  readonly wrong: number;
  readonly use: Use;
}

const asked = chainCalls + 1;
const warmTurns = 20;
const patienceMs = 30_000;

/** Chains of calls, one after the other, each in a room of its own. */
export const runChain = async (job: JobOf<"room-chain">, clock: SharedClock): Promise<ChainResult> => {
  const buffer = Buffer.allocUnsafeSlow(256 * 1024);
  const histogram = createHistogram();
  let wrong = 0;

  interface Chain {
    readonly run: () => Promise<number>;
  }
  const prepare = async (index: number): Promise<Chain> => {
    let results = 0;
    const over = Promise.withResolvers<void>();
    const member = await openMember({
      port: job.port,
      buffer,
      user: `user-${index}`,
      chat: `chain-${index}`,
      model: chainModel,
      onSaid(said) {
        if (said.kind === "relay") results += 1;
        else if (said.kind === "end") over.resolve();
        else if (said.kind === "fault") over.reject(new Error(said.why));
      },
    });
    return {
      async run() {
        const late = setTimeout(() => over.reject(new Error("a chain did not end")), patienceMs);
        const began = clock();
        member.prompt(`m${index}`, "Go.");
        await over.promise;
        clearTimeout(late);
        const took = clock() - began;
        if (results !== chainCalls) wrong += 1;
        return took;
      },
    };
  };

  const chains = await eachOf(warmTurns + job.turns, 10, prepare);
  for (const chain of chains.slice(0, warmTurns)) await chain.run();
  wrong = 0;
  const used = watchUse(job.watched);
  for (const chain of chains.slice(warmTurns)) histogram.add((await chain.run()) / asked);
  const use = used();
  return {
    p50: histogram.quantile(0.5),
    p99: histogram.quantile(0.99),
    cpuMs: use.serverCpuMs / (job.turns * asked),
    wrong,
    use,
  };
};
