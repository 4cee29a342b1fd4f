import type { CallView } from "@colloquy/client";

/** A stretch of an answer: text, or the calls that stand together between two stretches of text. */
export type Segment =
  | { readonly kind: "text"; readonly at: number; readonly text: string }
  | { readonly kind: "calls"; readonly at: number; readonly calls: readonly CallView[] };

/** An answer with its calls where they were made. Pieces of text without a visible letter are left out. */
export const segmentsOf = (text: string, calls: readonly CallView[] = []): readonly Segment[] => {
  const segments: Segment[] = [];
  let from = 0;
  const addText = (to: number): void => {
    const piece = text.slice(from, to);
    if (piece.trim() !== "") segments.push({ kind: "text", at: from, text: piece });
    from = to;
  };
  for (const call of calls.toSorted((a, b) => a.at - b.at)) {
    const at = Math.min(Math.max(call.at, from), text.length);
    addText(at);
    const last = segments.at(-1);
    if (last?.kind === "calls") segments[segments.length - 1] = { ...last, calls: [...last.calls, call] };
    else segments.push({ kind: "calls", at, calls: [call] });
  }
  addText(text.length);
  return segments;
};
