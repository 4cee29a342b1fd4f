import type { Code, Usage } from "@colloquy/protocol";
import type { Clock } from "../kernel/clock.ts";
import type { PanelEvent } from "../models/panel.ts";
import type { Arbitration, ArbitrationPolicy } from "./arbitration-state.ts";

/** What is known of one model's part in a contest; milliseconds after the first was asked. */
interface Part {
  readonly about: string | undefined;
  firstMs: number | undefined;
  lastMs: number | undefined;
  usage: Usage | undefined;
  facts: Readonly<Record<string, unknown>> | undefined;
}

/** Keeps the account of a contest: who was asked, who did what when, what it cost. Its summaries are notes in the log. */
export const createRecord = (clock: Clock) => {
  const parts = new Map<string, Part>();
  let beganAt: number | undefined;
  const elapsed = (): number =>
    beganAt === undefined ? 0 : Math.round((clock.monotonic() - beganAt) * 10) / 10;
  const part = (model: string, about?: string): Part => {
    const known = parts.get(model);
    if (known) return known;
    const fresh = { about, firstMs: undefined, lastMs: undefined, usage: undefined, facts: undefined };
    parts.set(model, fresh);
    return fresh;
  };

  return {
    elapsed,

    /** The first model is being asked; true the first time. */
    begin(): boolean {
      if (beganAt !== undefined) return false;
      beganAt = clock.monotonic();
      return true;
    },

    hear(event: PanelEvent): void {
      if (event.type === "all-asked") return;
      const one = part(event.model, event.type === "asked" ? event.about : undefined);
      if (event.type === "asked") return;
      if (event.type === "spent") {
        one.usage = event.usage;
        return;
      }
      const at = elapsed();
      one.firstMs ??= at;
      one.lastMs = at;
      if (event.type === "final" && event.facts) one.facts ??= event.facts;
    },

    /** It is decided and summed up: what comes after is late, and only its time is asked for. */
    forget: (): void => parts.clear(),

    spentBy: (model: string): Usage | undefined => parts.get(model)?.usage,

    /** Told as soon as everyone has been asked. */
    asked: () => ({
      asked: Array.from(parts, ([model, { about }]) => ({ model, ...(about !== undefined && { about }) })),
    }),

    /** Told with the decision: each model's part, who won, and why nobody did. */
    summary: (state: Arbitration, policy: ArbitrationPolicy, code: Code | undefined) => ({
      policy,
      ...(state.winner !== undefined && { winner: state.winner, ...parts.get(state.winner)?.facts }),
      ...(code !== undefined && { code }),
      ms: elapsed(),
      models: state.contestants.map(({ model, standing }) => {
        const { firstMs, lastMs, usage } = part(model);
        return {
          model,
          standing,
          ...(firstMs !== undefined && { firstMs }),
          ...(lastMs !== undefined && { lastMs }),
          ...(usage && { usage }),
        };
      }),
    }),
  };
};
