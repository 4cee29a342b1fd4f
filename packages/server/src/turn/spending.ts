import type { Entry, NewEntry, Usage } from "@colloquy/protocol";

/** What a turn has cost so far: tokens, and the time that it ran. */
export interface Spending {
  readonly usage: Usage | undefined;
  /** As its limits count it: while tools run, it stands still. */
  readonly ms: number;
  /** With its tools. */
  readonly ran: number;
}

/** Of two sums one; figures that were counted make the sum an estimate. */
export const addUsage = (sum: Usage | undefined, usage: Usage): Usage => ({
  inputTokens: (sum?.inputTokens ?? 0) + usage.inputTokens,
  outputTokens: (sum?.outputTokens ?? 0) + usage.outputTokens,
  ...((sum?.estimated || usage.estimated) && { estimated: true }),
});

/** What a turn that comes to rest writes down, since whoever runs it on may be another process. */
export const usageNote = (turn: number, at: number, { usage, ms, ran }: Spending): NewEntry => ({
  kind: "note",
  about: "usage",
  turn,
  at,
  data: { ...usage, ms, ran },
});

const figure = (value: unknown): number =>
  typeof value === "number" && Number.isFinite(value) && value > 0 ? value : 0;

/** What a turn had spent when it last came to rest. A crash before it could write it down makes the sum an estimate. Pure. */
export const spentBefore = (entries: readonly Entry[]): Spending => {
  let spending: Spending = { usage: undefined, ms: 0, ran: 0 };
  let unknown = false;
  for (const entry of entries) {
    if (entry.kind === "tool-call") unknown = true;
    if (entry.kind !== "note" || entry.about !== "usage") continue;
    const { inputTokens, outputTokens, estimated, ms, ran } = entry.data ?? {};
    const usage = { inputTokens: figure(inputTokens), outputTokens: figure(outputTokens) };
    spending = {
      usage: { ...usage, ...(estimated === true && { estimated }) },
      ms: figure(ms),
      ran: figure(ran),
    };
    unknown = false;
  }
  if (!unknown) return spending;
  return {
    ...spending,
    usage: { ...(spending.usage ?? { inputTokens: 0, outputTokens: 0 }), estimated: true },
  };
};
