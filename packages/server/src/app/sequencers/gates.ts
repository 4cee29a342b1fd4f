import { toColloquyError } from "../../kernel/colloquy-error.ts";
import type { Logger } from "../../kernel/logger.ts";
import type { Asking, Panel } from "../../models/panel.ts";

/** Something with a port of its own that the rest of the server can do without. */
export interface Gate {
  /** How it is called in the log: `sequencer main, replies`. */
  readonly what: string;
  readonly start: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Gates that have been tried, and what became of them. */
export interface Gates {
  /** Opens it; what keeps it shut is logged and kept, not thrown. */
  open(gate: Gate): Promise<void>;
  isOpen(gate: Gate): boolean;
  /** What is shut and why, as sentences for the operator. */
  faults(): readonly string[];
  close(): Promise<void>;
}

export const createGates = (logger: Logger): Gates => {
  const open = new Set<Gate>();
  const faults: string[] = [];
  return {
    async open(gate) {
      try {
        await gate.start();
        open.add(gate);
      } catch (thrown) {
        const fault = `${gate.what}: ${toColloquyError(thrown).message}`;
        faults.push(fault);
        logger.error({ err: thrown }, `${fault} The rest of the server goes on without.`);
      }
    },
    isOpen: (gate) => open.has(gate),
    faults: () => faults,
    async close() {
      for (const gate of open) await gate.close();
    },
  };
};

/** A panel that asks nobody while its gate is shut. */
export const gatedPanel = (panel: Panel, isOpen: () => boolean): Panel => ({
  ask(request, hear): Asking {
    if (isOpen()) return panel.ask(request, hear);
    queueMicrotask(() => hear({ type: "all-asked" }));
    return { standDown() {}, over() {} };
  },
});
