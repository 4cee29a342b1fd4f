import type { Entry } from "@colloquy/protocol";
import type { Clock } from "../kernel/clock.ts";
import type { Ids } from "../kernel/ids.ts";
import type { Logger } from "../kernel/logger.ts";
import type { Meter } from "../kernel/meter.ts";
import type { LiveJournal } from "../stores/live-journal.ts";
import type { Store } from "../stores/store.ts";
import type { Assistant } from "../turn/assistant.ts";
import type { Deadlines } from "../turn/deadlines.ts";
import type { AuthoriseHook, Authoriser } from "./authorise.ts";
import type { LateNotes } from "./late-notes.ts";
import type { Pump } from "./pump.ts";
import type { RelayBudget } from "./relay.ts";
import type { RoomKind } from "./room-kind.ts";
import type { Room } from "./rooms.ts";

/** Hooks of the operator or embedder. */
export interface ConversationHooks {
  readonly authorise?: AuthoriseHook;
  /**
   * Before a prompt is stored: throws to refuse it (the error's sentence is shown, as `refused`; a ColloquyError keeps its
   * code), or gives another text. Must give the same for the same prompt.
   */
  readonly beforePrompt?: (prompt: {
    readonly conversation: string;
    readonly user: string;
    readonly promptId: string;
    readonly text: string;
  }) => Promise<{ readonly text: string } | void> | { readonly text: string } | void;
  /** After a turn's end is durable, with all entries of the turn. What it throws is logged. */
  readonly afterTurn?: (turn: {
    readonly conversation: string;
    readonly entries: readonly Entry[];
  }) => Promise<void> | void;
}

/** Who answers in a conversation. */
export interface Assistants {
  /** The assistant of that id, or the conversation's own; undefined for an unknown id, `none` where nobody answers. */
  find(conversation: string, id: string | undefined, room?: Room): Assistant | "none" | undefined;
}

/** What conversations are made with; all of it passed in. */
export interface ConversationsOptions {
  readonly store: Store;
  readonly journal: LiveJournal;
  readonly assistants: Assistants;
  /** The kinds of rooms there are, by `model_api_source` in lower case; none when left out. */
  readonly roomKinds?: ReadonlyMap<string, RoomKind>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly meter: Meter;
  readonly frameIntervalMs: number;
  readonly recovery: "rerun" | "end";
  readonly hooks?: ConversationHooks;
}

/** What one conversation shares with all others of its server. */
export interface Surroundings extends ConversationsOptions {
  readonly authoriser: Authoriser;
  readonly deadlines: Deadlines;
  readonly pump: Pump;
  readonly relayBudget: RelayBudget;
  readonly lateNotes: LateNotes;
  /** Aborted when the server closes: nothing is waited for from then on. */
  readonly closing: AbortSignal;
}
