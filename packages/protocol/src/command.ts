/**
 * What a person or program asks of a conversation, in the words of no wire. A dialect's parse makes one of a
 * frame; the conversation authorises and carries it out.
 */
export type Command =
  | {
      readonly kind: "prompt";
      readonly text: string;
      readonly promptId?: string;
      readonly assistant?: string;
    }
  | { readonly kind: "cancel"; readonly promptId?: string }
  | { readonly kind: "approve" | "deny"; readonly callId: string; readonly reason?: string }
  | { readonly kind: "history"; readonly before?: number; readonly limit?: number };

/** What an accepted prompt is answered with, once it is durable. */
export interface Accepted {
  readonly promptId: string;
  /** The turn: entry number of the prompt. */
  readonly turn: number;
  /** A cursor just after the prompt's entry. */
  readonly cursor: string;
  /** True when this id, author and text had been accepted before. */
  readonly repeated: boolean;
}

/** A conversation as a list shows it. */
export interface ConversationSummary {
  readonly id: string;
  /** The beginning of its first prompt. */
  readonly title: string;
  /** When its newest entry was made, milliseconds since the epoch. */
  readonly updatedAt: number;
  readonly entries: number;
}
