import { colloquySequencer, measureSequencer, seedSequencer } from "../sequencer/stage.ts";
import type { SequencerResult, SequencerWork } from "../sequencer/job.ts";
import { isVoid, ms, percent, type Line, type Row } from "./row.ts";

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

/** @param theirs what the rival is asked to do, where it cannot do the same */
const row = (
  name: string,
  workOf: (quick: boolean) => SequencerWork,
  lineOf: (both: Both) => Line,
  theirWorkOf = workOf,
): Row => ({
  name,
  async run(rig, quick) {
    const ours = await measureSequencer(colloquySequencer, workOf(quick));
    rig.say(`  Colloquy: ${JSON.stringify(ours)}`);
    const theirs = await measureSequencer(seedSequencer, theirWorkOf(quick));
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
    // The rival is faster than the load: that says nothing against our own figure.
    beside: `${rival}, nothing stored: ${isVoid(both.theirs.use) ? "≥ " : ""}${perSecond(both.theirs)}`,
    uses: [both.ours.use],
    held: rateOf(both.ours) >= 5_000 && both.ours.wrong === 0,
  }),
);

const firstTokenLine =
  (figure: string, theirs: string) =>
  (both: Both): Line => {
    const said = (result: SequencerResult): string =>
      `p50 ${ms(result.p50)}, p99 ${ms(result.p99)}${wrongs(result)}`;
    return {
      figure: `winner's first token → reader's socket, ${figure}`,
      goal: "p99 < 30 ms",
      ours: said(both.ours),
      beside: `${rival}, ${theirs}: ${said(both.theirs)}`,
      uses: usesOf(both),
      held: both.ours.p99 < 30 && both.ours.wrong === 0,
    };
  };

/** How soon the winner is heard. Counted from when it speaks, which is a little before the sequencer has it. */
const firstTokenRow = row(
  "firsttoken",
  (quick) => ({ kind: "firsttoken", streaming: false, rate: 200, prompts: quick ? 600 : 4_000 }),
  firstTokenLine("6 UDP workers that reply at once, 200 prompts a second", "nothing stored"),
);

/** An answer takes a fifth of a second: ten are told at a time, of the sixteen that a conversation tells while they grow. */
const streams = { kind: "firsttoken", rate: 50 } as const;

const streamingRow = row(
  "firststream",
  (quick) => ({ ...streams, streaming: true, prompts: quick ? 200 : 1_000 }),
  firstTokenLine(
    "6 WebSocket workers that stream 50 tokens/s, 50 prompts a second in one conversation",
    "whole replies by UDP, nothing stored",
  ),
  (quick) => ({ ...streams, streaming: false, prompts: quick ? 200 : 1_000 }),
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

/** What the loop bears that hears the replies. */
const floodRow: Row = {
  name: "flood",
  async run(rig, quick) {
    const seconds = quick ? 3 : 10;
    const ours = await measureSequencer(colloquySequencer, { kind: "flood", perSecond: 100_000, seconds });
    rig.say(`  Colloquy: ${JSON.stringify(ours)}`);
    const { flood, prompts, use } = ours;
    if (!flood) return [];
    const rate = Math.round(flood.sent / flood.seconds);
    const known = flood.counted + (flood.kernel ?? 0);
    return [
      {
        figure: `${rate.toLocaleString("en")} bad datagrams a second where replies are heard, for ${flood.seconds.toFixed(0)} s: delay of the event loop, and what was dropped`,
        goal: "< 50 ms; all of it counted",
        ours:
          `p99 ${ms(flood.loopP99)}, worst ${ms(flood.loopMax)}; of ${flood.sent} sent ${flood.counted} counted, ` +
          `${flood.kernel ?? "?"} dropped by the kernel; ${prompts} of ${20 * seconds} prompts meanwhile answered`,
        beside: "–",
        uses: [use],
        held: flood.loopMax < 50 && known >= flood.sent && rate >= 95_000,
      },
    ];
  },
};

/** The rows about asking many and letting one answer. */
export const sequencerRows: readonly Row[] = [
  breakoutRow,
  throughputRow,
  firstTokenRow,
  streamingRow,
  oneByOneRow,
  floodRow,
];
