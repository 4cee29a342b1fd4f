import { colloquySequencer, measureSequencer, seedSequencer } from "../sequencer/stage.ts";
import type { SequencerResult, SequencerWork } from "../sequencer/job.ts";
import { ms, percent, type Line, type Row } from "./row.ts";

const rival = "the seed's class in Node";

/** Replies to the last prompt are waited for so long before the next one goes out, milliseconds. */
const settleMs = 100;

interface Both {
  readonly ours: SequencerResult;
  readonly theirs: SequencerResult;
}

const rateOf = ({ prompts, wallMs }: SequencerResult): number => (prompts * 1_000) / wallMs;
const wrongs = ({ wrong }: SequencerResult): string => (wrong === 0 ? "" : `, ${wrong} answered wrongly`);
const perSecond = (result: SequencerResult): string => {
  const rate = rateOf(result);
  const share = percent(result.use.serverCpuMs / result.use.wallMs);
  return `${rate.toFixed(rate < 100 ? 2 : 0)} a second (server ${share} of a core)${wrongs(result)}`;
};

const row = (name: string, workOf: (quick: boolean) => SequencerWork, lineOf: (both: Both) => Line): Row => ({
  name,
  async run(rig, quick) {
    const work = workOf(quick);
    const ours = await measureSequencer(colloquySequencer, work);
    rig.say(`  Colloquy: ${JSON.stringify(ours)}`);
    const theirs = await measureSequencer(seedSequencer, work);
    rig.say(`  ${rival}: ${JSON.stringify(theirs)}`);
    return [lineOf({ ours, theirs })];
  },
});

const usesOf = ({ ours, theirs }: Both) => [ours.use, theirs.use];

/** How soon everybody is asked. */
const breakoutRow = row(
  "breakout",
  (quick) => ({ kind: "breakout", rate: 100, prompts: quick ? 300 : 2_000 }),
  (both) => {
    const said = ({ p50, p99, skewP99, wrong }: SequencerResult): string =>
      `p50 ${ms(p50)}, p99 ${ms(p99)}, skew p99 ${ms(skewP99)}${wrong === 0 ? "" : `, ${wrong} faults`}`;
    return {
      figure: "prompt in by TCP → all of 6 models have the datagram, 100 a second",
      goal: "p99 < 5 ms, skew < 1 ms",
      ours: said(both.ours),
      beside: `${rival}, nothing stored: ${said(both.theirs)}`,
      uses: usesOf(both),
      held: both.ours.p99 < 5 && both.ours.skewP99 < 1 && both.ours.wrong === 0,
    };
  },
);

/** What comes through one core. */
const throughputRow = row(
  "sequencer",
  (quick) => ({
    kind: "throughput",
    inFlight: 256,
    warmMs: quick ? 2_000 : 5_000,
    windowMs: quick ? 4_000 : 15_000,
  }),
  (both) => ({
    figure:
      "prompts over one WebSocket through 6 UDP workers that echo ids, `parallel` 64, durable, one core",
    goal: "≥ 5,000 a second",
    ours: perSecond(both.ours),
    beside: `${rival}, nothing stored: ${perSecond(both.theirs)}`,
    uses: usesOf(both),
    held: rateOf(both.ours) >= 5_000 && both.ours.wrong === 0,
  }),
);

/** How soon the winner is heard. Counted from when it speaks, which is a little before the sequencer has it. */
const firstTokenRow = row(
  "firsttoken",
  (quick) => ({ kind: "firsttoken", rate: 200, prompts: quick ? 600 : 4_000 }),
  (both) => {
    const said = (result: SequencerResult): string =>
      `p50 ${ms(result.p50)}, p99 ${ms(result.p99)}${wrongs(result)}`;
    return {
      figure: "winner's first token → reader's socket, 200 prompts a second",
      goal: "p99 < 30 ms",
      ours: said(both.ours),
      beside: `${rival}, nothing stored: ${said(both.theirs)}`,
      uses: usesOf(both),
      held: both.ours.p99 < 30 && both.ours.wrong === 0,
    };
  },
);

/** What waiting for replies that can only be told by their time costs beyond the waiting. */
const oneByOneRow = row(
  "onebyone",
  (quick) => ({ kind: "onebyone", latencyMs: 20, prompts: quick ? 40 : 150 }),
  (both) => {
    const allowed = 1_000 / (both.ours.peerMs + settleMs);
    return {
      figure: `prompts a second with peers that know no ids (they take ${ms(both.ours.peerMs)}, then ${settleMs} ms for late replies)`,
      goal: `≥ 90 % of ${allowed.toFixed(2)}`,
      ours: perSecond(both.ours),
      beside: `${rival}, which waits for nobody's late reply: ${perSecond(both.theirs)}`,
      uses: usesOf(both),
      held: rateOf(both.ours) >= 0.9 * allowed && both.ours.wrong === 0,
    };
  },
);

/** The rows about asking many and letting one answer. */
export const sequencerRows: readonly Row[] = [breakoutRow, throughputRow, firstTokenRow, oneByOneRow];
