import { everything, type Principal } from "../../packages/server/src/auth/principal.ts";
import {
  createConversations,
  type Heart,
} from "../../packages/server/src/conversation/create-conversations.ts";
import type { Reader } from "../../packages/server/src/conversation/conversations.ts";
import type { RoomKind } from "../../packages/server/src/conversation/room-kind.ts";
import type { Assistants, ConversationHooks } from "../../packages/server/src/conversation/surroundings.ts";
import { systemClock, type Clock } from "../../packages/server/src/kernel/clock.ts";
import { systemIds } from "../../packages/server/src/kernel/ids.ts";
import { silentLogger } from "../../packages/server/src/kernel/logger.ts";
import { createMeter, type Meter } from "../../packages/server/src/kernel/meter.ts";
import type { Model } from "../../packages/server/src/models/model.ts";
import type { LiveJournal } from "../../packages/server/src/stores/live-journal.ts";
import { createMemoryJournal } from "../../packages/server/src/stores/memory-journal.ts";
import { createMemoryStore, type MemoryContent } from "../../packages/server/src/stores/memory-store.ts";
import type { Store } from "../../packages/server/src/stores/store.ts";
import type { Assistant } from "../../packages/server/src/turn/assistant.ts";
import type { Policy } from "../../packages/server/src/turn/policy.ts";
import { defaultTurnLimits, type TurnLimits } from "../../packages/protocol/src/index.ts";
import { Ear } from "./ear.ts";

export interface BedOptions {
  readonly model: Model;
  readonly policy?: Policy;
  readonly limits?: Partial<TurnLimits>;
  readonly recovery?: "rerun" | "end";
  /** Exchanges that go along with a prompt at most. */
  readonly contextExchanges?: number;
  /** What else its one assistant is. */
  readonly assistant?: Partial<Assistant>;
  readonly clock?: Clock;
  readonly hooks?: ConversationHooks;
  /** Who answers, instead of its one assistant. */
  readonly find?: Assistants["find"];
  /** By source; the assistant answers in all of them. */
  readonly roomKinds?: Readonly<Record<string, RoomKind>>;
  readonly content?: MemoryContent;
  readonly journalContent?: Parameters<typeof createMemoryJournal>[0];
  /** Wraps the store, to let it fail. */
  readonly store?: (store: Store) => Store;
  readonly journal?: (journal: LiveJournal) => LiveJournal;
}

export interface Bed {
  readonly heart: Heart;
  readonly meter: Meter;
  readonly store: Store;
  readonly listen: (
    conversation: string,
    options?: { cursor?: string; history?: number; who?: Principal; ear?: Ear },
  ) => { ear: Ear; reader: Reader };
}

export const principal = (user: string, grants = everything): Principal => ({
  user,
  anonymous: false,
  grants,
});
export const ada = principal("ada");

/** A heart on memory adapters, with one assistant. Hand its contents to the next bed to play a restart. */
export const makeBed = async (options: BedOptions): Promise<Bed> => {
  const meter = createMeter();
  const plain = createMemoryStore({ ids: systemIds, ...(options.content && { content: options.content }) });
  const store = options.store?.(plain) ?? plain;
  const memory = createMemoryJournal(options.journalContent);
  await store.start();
  const assistant: Assistant = {
    id: "default",
    model: options.model,
    policy: options.policy ?? "queue",
    limits: { ...defaultTurnLimits, ...options.limits },
    ...(options.contextExchanges !== undefined && { contextExchanges: options.contextExchanges }),
    ...options.assistant,
  };
  const heart = createConversations({
    store,
    journal: options.journal?.(memory) ?? memory,
    assistants: {
      find: (conversation, id, room) => {
        if (options.find) return options.find(conversation, id, room);
        if (room && (id === undefined || id.includes("."))) return { ...assistant, id: id ?? room.source };
        return id === undefined || id === "default" ? assistant : undefined;
      },
    },
    clock: options.clock ?? systemClock,
    ids: systemIds,
    logger: silentLogger,
    meter,
    frameIntervalMs: 5,
    recovery: options.recovery ?? "rerun",
    ...(options.hooks && { hooks: options.hooks }),
    ...(options.roomKinds && { roomKinds: new Map(Object.entries(options.roomKinds)) }),
  });
  await heart.start();
  return {
    heart,
    meter,
    store,
    listen(conversation, { who = ada, ear = new Ear(), ...at } = {}) {
      const reader = heart.attach(who, conversation, { voice: ear.voice, sink: ear, forgiving: true, ...at });
      reader.start();
      return { ear, reader };
    },
  };
};
