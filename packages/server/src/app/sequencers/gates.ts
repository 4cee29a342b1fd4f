import { toColloquyError } from "../../kernel/colloquy-error.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/logger.ts";
import type { Asking, Panel } from "../../models/panel.ts";

/** Something with a port of its own that the rest of the server can do without. */
export interface Gate {
  /** How it is called in the log: `sequencer main, replies`. */
  readonly what: string;
  /** May be called again when it failed. */
  readonly start: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Gates that have been tried, and what became of them. */
export interface Gates {
  /**
   * Opens it. What keeps it shut is logged, once, and kept, not thrown; it is tried again by and by until it opens or these
   * gates are closed.
   */
  open(gate: Gate): Promise<void>;
  isOpen(gate: Gate): boolean;
  /** What is shut and why, as sentences for the operator. */
  faults(): readonly string[];
  /** Tries no more, and closes what is open. May be called twice. */
  close(): Promise<void>;
}

/** How often shut gates are tried again, milliseconds. */
const againMs = 5_000;

export const createGates = (logger: Logger, clock: Clock): Gates => {
  const open = new Set<Gate>();
  const shut = new Map<Gate, string>();
  let stopTrying: (() => void) | undefined;
  let trying: Promise<void> = Promise.resolve();
  let closed = false;

  const attempt = async (gate: Gate): Promise<void> => {
    if (closed) return;
    const known = shut.has(gate);
    try {
      await gate.start();
    } catch (thrown) {
      const fault = `${gate.what}: ${toColloquyError(thrown).message}`;
      shut.set(gate, fault);
      if (!known)
        logger.error(
          { err: thrown },
          `${fault} The rest of the server goes on without. It is tried again every ${againMs / 1_000} s.`,
        );
      return;
    }
    open.add(gate);
    if (shut.delete(gate)) logger.info({}, `${gate.what}: open now.`);
  };

  const tryAgain = async (): Promise<void> => {
    for (const gate of shut.keys()) await attempt(gate);
    if (shut.size > 0) return;
    stopTrying?.();
    stopTrying = undefined;
  };

  return {
    async open(gate) {
      await attempt(gate);
      if (shut.size === 0 || closed) return;
      stopTrying ??= clock.every(againMs, () => {
        trying = trying.then(tryAgain);
      });
    },
    isOpen: (gate) => open.has(gate),
    faults: () => [...shut.values()],
    async close() {
      closed = true;
      stopTrying?.();
      // One that opens just now must be closed again.
      await trying;
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
