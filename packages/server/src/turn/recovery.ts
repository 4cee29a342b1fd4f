import type { Entry } from "@colloquy/protocol";
import { callStates, isOutside } from "./call-states.ts";

/** What becomes of a turn that was open when the last process ended. */
export type Recovery =
  /** It had not been started: it takes its place in the queue. */
  | { readonly kind: "queue" }
  | { readonly kind: "rerun"; readonly attempt: number }
  /** It ends `failed` / `interrupted` with the text that readers had. */
  | { readonly kind: "interrupt" }
  /** It goes on waiting for somebody; if all has been decided meanwhile, it is the next to run on. */
  | { readonly kind: "wait"; readonly attempt: number };

/**
 * Decides from the turn's entries. A turn is run again once, if it has called no tool and none of its answer is sealed in
 * the log (what is there cannot be taken back). One that came to rest, for an approval or a client's result, rests on. A tool
 * is never run twice: where one may have been at work, the turn is over. Pure.
 *
 * @param mode `end`: the operator wants no turn run twice
 */
export const recoveryOf = (entries: readonly Entry[], mode: "rerun" | "end"): Recovery => {
  let attempt = 0;
  let began = 0;
  for (const entry of entries) {
    if (entry.kind !== "note" || entry.about !== "attempt") continue;
    attempt = Math.max(attempt, entry.attempt ?? 1);
    began = entry.n;
  }
  if (attempt === 0) return { kind: "queue" };
  const states = callStates(entries);
  // What was granted before the turn last ran on has been run, or was about to be.
  const resting = states.filter((state) => state.call.n > began && isOutside(state));
  const atWork = states.some((state) => !state.result && !resting.includes(state));
  if (resting.length > 0 && !atWork) return { kind: "wait", attempt };
  const irrevocable = entries.some((entry) => entry.kind === "tool-call" || entry.kind === "answer");
  return mode === "end" || attempt > 1 || irrevocable
    ? { kind: "interrupt" }
    : { kind: "rerun", attempt: attempt + 1 };
};
