import { defaultTurnLimits } from "@colloquy/protocol";
import { expect, test } from "vitest";
import { createConversations } from "../../packages/server/src/conversation/create-conversations.ts";
import { ColloquyError } from "../../packages/server/src/kernel/colloquy-error.ts";
import { systemClock } from "../../packages/server/src/kernel/clock.ts";
import { systemIds } from "../../packages/server/src/kernel/ids.ts";
import { silentLogger } from "../../packages/server/src/kernel/logger.ts";
import { createMeter } from "../../packages/server/src/kernel/meter.ts";
import { createMemoryJournal } from "../../packages/server/src/stores/memory-journal.ts";
import { createMemoryStore, type MemoryContent } from "../../packages/server/src/stores/memory-store.ts";
import { ada, makeBed } from "./bed.ts";
import { createPuppet } from "./puppet-model.ts";

test("P3 a prompt that comes while the server starts is refused, not run twice", async () => {
  const model = createPuppet();
  const store = createMemoryStore({ ids: systemIds });
  await store.start();
  const journal = createMemoryJournal();
  const gate = Promise.withResolvers<void>();
  const slow = {
    ...journal,
    start: async () => {
      await gate.promise;
      return journal.start();
    },
  };
  const assistant = { id: "default", model, policy: "queue" as const, limits: defaultTurnLimits };
  const heart = createConversations({
    store,
    journal: slow,
    assistants: { find: () => assistant },
    clock: systemClock,
    ids: systemIds,
    logger: silentLogger,
    meter: createMeter(),
    frameIntervalMs: 5,
    recovery: "rerun",
  });
  const starting = heart.start();
  const early = heart.prompt(ada, "channel:a", { text: "one" });
  await expect(early).rejects.toMatchObject({ code: "draining" });
  gate.resolve();
  await starting;
  await heart.prompt(ada, "channel:a", { text: "one" });
  await model.asked();
  expect(model.calls).toHaveLength(1);
});

test("a start that takes up a turn while the store fails waited for ever, also after it was closed", async () => {
  const content: MemoryContent = new Map();
  const before = createPuppet();
  const { heart: killed } = await makeBed({ model: before, content });
  await killed.prompt(ada, "channel:a", { text: "one" });
  await before.asked();
  const store = createMemoryStore({ ids: systemIds, content });
  await store.start();
  const tried = Promise.withResolvers<void>();
  const append = (): Promise<void> => {
    tried.resolve();
    return Promise.reject(new ColloquyError("store_unavailable"));
  };
  const assistant = {
    id: "default",
    model: createPuppet(),
    policy: "queue" as const,
    limits: defaultTurnLimits,
  };
  const heart = createConversations({
    store: { ...store, append },
    journal: createMemoryJournal(),
    assistants: { find: () => assistant },
    clock: systemClock,
    ids: systemIds,
    logger: silentLogger,
    meter: createMeter(),
    frameIntervalMs: 5,
    recovery: "end",
  });
  const starting = heart.start();
  await tried.promise;
  await heart.close();
  await expect(starting).rejects.toMatchObject({ code: "store_unavailable" });
});

test("P3 a kind of room that throws when it is asked who answers keeps no server from starting: its turns end", async () => {
  const content: MemoryContent = new Map();
  const first = await makeBed({ model: createPuppet(), content });
  await first.heart.prompt(ada, "channel:a", { text: "one", promptId: "p1" });
  const find = (): never => {
    throw new TypeError("not a function");
  };
  const { heart, meter } = await makeBed({ model: createPuppet(), content, find });
  expect([meter.failed, meter.queued, meter.running]).toEqual([1, 0, 0]);
  expect((await heart.history(ada, "channel:a", { limit: 1 })).entries).toMatchObject([
    { kind: "turn-end", code: "unknown_assistant" },
  ]);
});
