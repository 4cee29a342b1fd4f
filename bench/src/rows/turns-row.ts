import { colloquy, noServer, rivalOne, rivalTwo } from "../subjects.ts";
import { findMostTurns, type MostTurns } from "./most-turns.ts";
import { isVoid, ms, percent, times, type Row } from "./row.ts";

const say = (found: MostTurns): string =>
  `${found.loadWasLimit ? "≥ " : ""}${found.turns}` +
  (found.result
    ? ` (p99 ${ms(found.result.p99)}, server ${percent(found.result.use.serverCpuMs / found.result.use.wallMs)})`
    : "");

/** How many live turns one core carries, with 99 % of the tokens at the reader's socket in time. */
export const turnsRow: Row = {
  name: "turns",
  async run(rig, quick) {
    const windowMs = quick ? 3_000 : 6_000;
    const steps = quick ? 4 : 6;
    const bare = await rig.measure(noServer, "turns", {
      turns: 1_000,
      rate: 50,
      warmMs: 2_000,
      windowMs,
    });
    const ours = await findMostTurns(rig, colloquy, { first: 1_000, ceiling: 1_500, windowMs, steps });
    const one = await findMostTurns(rig, rivalOne, { first: 100, ceiling: 1_000, windowMs, steps });
    const two = await findMostTurns(rig, rivalTwo, { first: 400, ceiling: 1_500, windowMs, steps });
    return [
      {
        figure: "no server in between: 1,000 streams at 50 tokens/s",
        goal: "–",
        ours: "–",
        beside: `stand-in → load: p99 ${ms(bare.p99)}, ${percent(bare.inTime / bare.sent)} in time`,
        uses: [{ ...bare.use, serverCore: 0 }],
        held: undefined,
        ...(isVoid(bare.use) ? { note: "the load itself is too slow on this machine" } : {}),
      },
      {
        figure: "live turns on one core, 50 tokens/s each, delta mode, 99 % of tokens within 100 ms",
        goal: "1,000; ≥ 10 × rival one; ≥ 2.5 × rival two",
        ours: say(ours),
        beside: `${rivalOne.name}: ${say(one)}, so ${times(ours.turns / one.turns)}; ${rivalTwo.name}: ${say(two)}, so ${times(ours.turns / two.turns)}`,
        uses: [ours, one, two].flatMap((found) => found.uses),
        held: ours.turns >= 1_000 && ours.turns >= 10 * one.turns && ours.turns >= 2.5 * two.turns,
      },
    ];
  },
};
