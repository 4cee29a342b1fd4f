import type { Clock } from "../kernel/clock.ts";
import type { Store } from "../stores/store.ts";

/** Whether the server should be sent new work. */
export type Readiness =
  /** `details`: what it goes on without. */
  | { readonly ready: true; readonly details: readonly string[] }
  | { readonly ready: false; readonly reason: string };

/** What `/healthz` and `/readyz` answer from. */
export interface Health {
  /** The process answers: that is all there is to say. */
  alive(): true;
  ready(): Promise<Readiness>;
}

export interface HealthOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Started, and not asked to stop. */
  readonly serving: () => boolean;
  /** What is shut though it should be open, as sentences. */
  readonly details?: () => readonly string[];
}

/** A store that takes longer for its newest row counts as not answering. */
const patienceMs = 2_000;

/** Asks the store at most once at a time, however many ask. */
export const createHealth = ({ store, clock, serving, details = () => [] }: HealthOptions): Health => {
  let asking: Promise<Readiness> | undefined;

  const ask = async (): Promise<Readiness> => {
    const late = Promise.withResolvers<Readiness>();
    const stop = clock.after(patienceMs, () =>
      late.resolve({ ready: false, reason: "the store does not answer" }),
    );
    const answer = store.list({ limit: 1 }).then(
      (): Readiness => ({ ready: true, details: details() }),
      (): Readiness => ({ ready: false, reason: "the store refuses" }),
    );
    try {
      return await Promise.race([answer, late.promise]);
    } finally {
      stop();
    }
  };

  return {
    alive: () => true,
    ready() {
      if (!serving()) return Promise.resolve({ ready: false, reason: "the server is starting or stopping" });
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      return asking;
    },
  };
};
