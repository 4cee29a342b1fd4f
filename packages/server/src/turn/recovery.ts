import type { Entry } from "@colloquy/protocol";

/** What becomes of a turn that was open when the last process ended. */
export type Recovery =
  /** It had not been started: it takes its place in the queue. */
  | { readonly kind: "queue" }
  | { readonly kind: "rerun"; readonly attempt: number }
  /** It ends `failed` / `interrupted` with the text that readers had. */
  | { readonly kind: "interrupt" }
  /** It goes on waiting for an approval. */
  | { readonly kind: "wait" };

/**
 * Decides from the turn's entries. A turn is run again once, if it has called no tool and none of its answer is sealed in
 * the log (what is there cannot be taken back). Pure.
 *
 * @param mode `end`: the operator wants no turn run twice
 */
export const recoveryOf = (entries: readonly Entry[], mode: "rerun" | "end"): Recovery => {
  const attempts = entries.filter((entry) => entry.kind === "note" && entry.about === "attempt").length;
  if (attempts === 0) return { kind: "queue" };
  const approvals = new Map<string, string>();
  for (const entry of entries) if (entry.kind === "approval") approvals.set(entry.callId, entry.state);
  if ([...approvals.values()].includes("requested")) return { kind: "wait" };
  const irrevocable = entries.some((entry) => entry.kind === "tool-call" || entry.kind === "answer");
  return mode === "end" || attempts > 1 || irrevocable
    ? { kind: "interrupt" }
    : { kind: "rerun", attempt: attempts + 1 };
};
