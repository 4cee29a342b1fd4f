import type { TurnsResult } from "../load/turns.ts";
import type { Use } from "../proc.ts";
import type { Rig } from "../rig.ts";
import type { Subject } from "../subjects.ts";
import { isVoid, ms, percent } from "./row.ts";

/** The most turns that a subject carried. */
export interface MostTurns {
  /** 0 when even the smallest number tried was too much. */
  readonly turns: number;
  /** Of the run at that number. */
  readonly result: TurnsResult | undefined;
  /** What the machine did in all runs that count. */
  readonly uses: readonly Use[];
  /** The search ended because the load could do no more, not the subject. */
  readonly loadWasLimit: boolean;
}

export interface TurnsSearch {
  /** Where to begin. */
  readonly first: number;
  /** Where to stop when it still holds. */
  readonly ceiling: number;
  readonly windowMs: number;
  /** Measurements at most. */
  readonly steps: number;
}

const growth = 1.25;
const wantedShare = 0.99;

const carries = (result: TurnsResult, turns: number): boolean =>
  result.inTime >= wantedShare * result.sent && result.ended === turns && result.exact === turns;

/** Goes up (or down) by a quarter until the answer changes, then halves what lies between. */
export const findMostTurns = async (rig: Rig, subject: Subject, search: TurnsSearch): Promise<MostTurns> => {
  let good = 0;
  let best: TurnsResult | undefined;
  let bad = Number.POSITIVE_INFINITY;
  let next = search.first;
  let loadWasLimit = false;
  const uses: Use[] = [];
  for (let step = 0; step < search.steps && next > good && next < bad; step += 1) {
    const result = await rig.measure(subject, "turns", {
      turns: next,
      rate: 50,
      warmMs: 2_000,
      windowMs: search.windowMs,
    });
    const holds = carries(result, next);
    const over = isVoid(result.use);
    if (!over) uses.push(result.use);
    rig.say(
      `  ${subject.name}: ${next} turns, ${percent(result.inTime / result.sent)} of ${result.sent} tokens in time, p99 ${ms(result.p99)}, ` +
        `server ${percent(result.use.serverCpuMs / result.use.wallMs)}, load core ${percent(result.use.loadCore)}, ` +
        `exact ${result.exact}/${next}${over ? ", void" : holds ? "" : ", too many"}${result.faults.length > 0 ? `; ${result.faults[0]}` : ""}`,
    );
    if (holds && !over) {
      good = next;
      best = result;
    } else {
      bad = next;
      loadWasLimit = over;
    }
    if (good === search.ceiling) break;
    if (bad === Number.POSITIVE_INFINITY) next = Math.min(search.ceiling, Math.round(good * growth));
    else if (good === 0) next = Math.floor(bad / growth);
    else if (bad - good > good * 0.1) next = Math.round((good + bad) / 2);
    else break;
  }
  return { turns: good, result: best, uses, loadWasLimit };
};
