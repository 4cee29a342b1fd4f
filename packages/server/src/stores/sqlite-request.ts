import type { ConversationSummary } from "@colloquy/protocol";
import type { LogHead, OpenTurn } from "./store.ts";

/** What is indexed of a prompt. */
export interface PromptRow {
  /** Its place in the columns. */
  readonly at: number;
  readonly id: string;
  readonly title: string;
  readonly search: string;
}

/** The entries of an append as the worker stores them, in columns: a message of lists costs half of what one of objects does. */
export interface EntryRows {
  readonly turns: readonly (number | null)[];
  readonly kinds: readonly string[];
  /** Each entry as JSON, with its number. */
  readonly bodies: readonly string[];
  readonly prompts: readonly PromptRow[];
  /** Those that can be found. */
  readonly notes: readonly { readonly at: number; readonly about: string; readonly key: string }[];
}

/** What the store asks of its worker: plain data, cheap to clone. */
export type SqliteRequest =
  /** `log` is the id of a new log; without it an unknown conversation stays unknown. */
  | { readonly op: "lead"; readonly conversation: string; readonly log?: string }
  | {
      readonly op: "append";
      readonly conversation: string;
      readonly term: number;
      readonly expected: number;
      readonly rows: EntryRows;
      /** When the newest of the entries was made. */
      readonly at: number;
    }
  | {
      readonly op: "after";
      readonly conversation: string;
      readonly after: number;
      readonly limit: number;
      readonly chars: number;
    }
  | {
      readonly op: "newest";
      readonly conversation: string;
      readonly before: number;
      readonly limit: number;
      readonly chars: number;
    }
  | { readonly op: "turn"; readonly conversation: string; readonly turn: number }
  | { readonly op: "prompt"; readonly conversation: string; readonly id: string }
  | { readonly op: "notes"; readonly conversation: string; readonly about: string }
  | { readonly op: "found"; readonly about: string; readonly key: string }
  | { readonly op: "open" }
  | {
      readonly op: "list";
      readonly limit: number;
      readonly before: number;
      readonly beforeId: string | null;
      readonly query: string;
    }
  | { readonly op: "close" };

/** What each request is answered with. Entries come as the text of a JSON array. */
export interface SqliteAnswers {
  lead: LogHead | undefined;
  append: undefined;
  after: string;
  newest: string;
  turn: string;
  prompt: number | undefined;
  notes: string;
  /** The newest of each conversation; each note as JSON. */
  found: { conversation: string; note: string }[];
  open: OpenTurn[];
  list: ConversationSummary[];
  close: undefined;
}

export type SqliteAnswer = SqliteAnswers[keyof SqliteAnswers];

/** Requests that change something, and so go into a batch's one transaction. */
export type SqliteWrite = Extract<SqliteRequest, { op: "lead" | "append" }>;

export type SqliteOutcome =
  | { readonly ok: true; readonly value: SqliteAnswer }
  | {
      readonly ok: false;
      readonly code: "stale_writer" | "prompt_id_taken" | "store_unavailable";
      readonly why: string;
    };

/** What the worker says: first that its folder answers and whether it could open the store, then, again and again, the outcomes in the order of the requests. */
export type WorkerMessage =
  | { readonly kind: "reached" }
  | { readonly kind: "opened" }
  | { readonly kind: "refused"; readonly why: string }
  | {
      readonly kind: "done";
      readonly outcomes: readonly SqliteOutcome[];
      /** Why the transaction failed, for the operator. */
      readonly fault?: string;
    };
