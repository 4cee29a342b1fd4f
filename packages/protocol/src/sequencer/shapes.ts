/**
 * Shapes of the sequencer's wire: datagrams of one JSON object each. Existing peers speak one of two generations, which name
 * the same things differently; `id`, `decline` and `stand_down` are what Colloquy adds.
 */
export type Generation = 1 | 2;

/** The longest datagram that peers of a generation read whole, bytes: what is longer is cut by them, and lost. */
export const peerBytes: Readonly<Record<Generation, number>> = { 1: 1024, 2: 4096 };

/** The longest datagram there is (IPv4), bytes. Peers that know ids read such ones. */
export const datagramBytes = 65_507;

/** How many exchanges a broadcast tells of at most. */
export const historyLength: Readonly<Record<Generation, number>> = { 1: 5, 2: 3 };

/** A row of `history`, as a peer reads it. Those that {@link historyRow} makes have only texts. */
export type HistoryRow = Readonly<Record<string, unknown>>;

/** What a row tells of one exchange. */
export interface HistoryFacts {
  readonly prompt: string;
  /** What was answered; generation 1 does not tell it. */
  readonly answer: string;
  /** `True` or `False`, mostly: whether the model did what was asked. */
  readonly sysbool?: string;
  /** What the model that answered is for. */
  readonly function?: string;
}

/** A prompt on its way to the models. */
export interface Broadcast {
  readonly prompt: string;
  /** Newest first. */
  readonly history: readonly HistoryRow[];
  readonly generation: Generation;
  /** Port on which replies are heard; peers know the sequencer by it. */
  readonly listenPort: number;
  /** Names this asking; a peer that repeats it in its reply can be asked several things at a time. */
  readonly id?: string;
  /** `HH:MM:SS`; generation 1 tells it. */
  readonly time: string;
}

/** What a model says to a prompt. */
export interface Reply {
  readonly text: string;
  /** `True`, `False`, or whatever the peer wrote instead. */
  readonly sysbool?: string;
  readonly sender?: string;
  /** The port that `sender` ends with, as `Node-5001` does. */
  readonly port?: number;
  /** The asking that it answers. */
  readonly id?: string;
  /** The prompt is not for this model; `text` is empty. */
  readonly decline: boolean;
}

/** What a model hears. */
export type Heard =
  | {
      readonly kind: "prompt";
      readonly prompt: string;
      /** Newest first. */
      readonly history: readonly HistoryFacts[];
      readonly generation: Generation;
      readonly sender?: string;
      readonly id?: string;
    }
  /** Another model's answer was taken, or the prompt was withdrawn: this one need not go on. */
  | { readonly kind: "stand-down"; readonly id: string; readonly sender?: string };

/** A datagram under a shared secret: `data` is the JSON text that it would be without one. */
export interface Signed {
  readonly data: string;
  /** When it was signed, whole milliseconds since the epoch. */
  readonly ts: number;
  /** 32 hexadecimal digits, never used twice. */
  readonly nonce: string;
  /** HMAC-SHA-256 in 64 hexadecimal digits. */
  readonly sig: string;
}
