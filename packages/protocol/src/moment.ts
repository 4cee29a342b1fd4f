import type { AnswerEntry, Entry, ToolCallEntry, TurnEndEntry } from "./entry.ts";

/** What a dialect may say of the turn that a moment belongs to. */
export interface TurnFacts {
  /** Entry number of the prompt. */
  readonly turn: number;
  readonly promptId: string;
  /** Whose prompt it is. */
  readonly author?: string;
  /** When it began to run, or to run on after a wait, milliseconds since the epoch; not there while it has not. */
  readonly ranAt?: number;
}

/**
 * Text that already stands escaped for JSON: strings or UTF-8 bytes, to be joined with nothing between. Kept in
 * pieces so that a long text is copied once, into the frame, and never joined before.
 */
export type EscapedText = readonly (string | Uint8Array)[];

/**
 * A step that a reader takes from its cursor towards the head of the conversation. A dialect renders each moment
 * as the frames of its wire, or as nothing; what has been rendered is behind the reader for good.
 */
export type Moment =
  /** A turn was already under way when the reader came; `calls` are those of it that wait for somebody. */
  | { readonly kind: "present"; readonly turn: TurnFacts; readonly calls?: readonly ToolCallEntry[] }
  /** An entry. `past` means it is told as history: what it once set off is not told again. */
  | {
      readonly kind: "entry";
      readonly entry: Exclude<Entry, TurnEndEntry | AnswerEntry>;
      readonly turn?: TurnFacts;
      readonly past: boolean;
    }
  | { readonly kind: "sealed"; readonly entry: AnswerEntry; readonly turn: TurnFacts; readonly past: boolean }
  /** A turn's end, with all of its text. `again`: told to somebody who asked the same once more, without its entry. */
  | {
      readonly kind: "ended";
      readonly entry: TurnEndEntry;
      readonly turn: TurnFacts;
      readonly text: EscapedText;
      readonly past: boolean;
      readonly again?: boolean;
    }
  /** The text of a turn grew. */
  | {
      readonly kind: "text";
      readonly turn: TurnFacts;
      /** The reader's first text of this turn. */
      readonly first: boolean;
      /** Where `delta` begins in the turn's text, in UTF-16 code units. */
      readonly offset: number;
      /** The reader has text after `offset` that it must drop. */
      readonly reset: boolean;
      readonly delta: () => EscapedText;
      /** All of the turn's text so far. */
      readonly whole: () => EscapedText;
      /** The end of the turn, with all of the text, follows at once. */
      readonly ending: boolean;
    };
