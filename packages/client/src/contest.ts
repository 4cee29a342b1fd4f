/** A model that the prompt was put before. */
export interface AskedModel {
  readonly model: string;
  /** What it is for, in its own words. */
  readonly about?: string;
}

/** What became of one model's part in a contest. */
export interface ModelStanding {
  readonly model: string;
  /** `asked` (nothing was heard of it), `claimed`, `speaking`, `replied`, `declined`, `lost` or `stood-down`. */
  readonly standing: string;
  /** When it was first and last heard, milliseconds after the first model was asked. */
  readonly firstMs?: number;
  readonly lastMs?: number;
}

/** A reply that came when the prompt was decided already. `ms` as in {@link ModelStanding}. */
export interface LateReply {
  readonly model: string;
  readonly text: string;
  readonly ms: number;
}

/** The whole reply of one model among several, none of which is "the" answer. */
export interface ModelReply {
  readonly model: string;
  readonly text: string;
  /** When it came, milliseconds since the epoch. */
  readonly at: number;
}

/** What a sequencer noted of a prompt that it put before several models. Immutable. */
export interface Contest {
  readonly asked: readonly AskedModel[];
  /** `first`: one answer. `all`: each reply stands by itself. Known with the decision, as are all that follow. */
  readonly policy?: string;
  readonly winner?: string;
  /** What the winner said of itself, if its wire has these words. */
  readonly sender?: string;
  readonly sysbool?: string;
  /** Why nobody won. */
  readonly code?: string;
  /** From the first model asked to the decision, milliseconds. */
  readonly ms?: number;
  /** Who was asked when nobody took the prompt. */
  readonly fallback?: string;
  /** Empty until it is decided. */
  readonly models: readonly ModelStanding[];
  readonly late: readonly LateReply[];
}
