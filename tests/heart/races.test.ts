import { expect, test } from "vitest";
import { ColloquyError } from "../../packages/server/src/kernel/colloquy-error.ts";
import type { MemoryContent } from "../../packages/server/src/stores/memory-store.ts";
import type { Store } from "../../packages/server/src/stores/store.ts";
import { ada, makeBed, principal } from "./bed.ts";
import { createPuppet } from "./puppet-model.ts";

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "no error",
    (thrown: unknown) => (thrown instanceof ColloquyError ? thrown.code : String(thrown)),
  );

const frame = (messageId?: string) => ({
  json: "{}",
  form: "payload" as const,
  replaceable: false,
  ...(messageId !== undefined && { messageId }),
});

test.each([["by its id", "p1"] as const, ["all", undefined] as const])(
  "P9 a stop that comes right behind its prompt stops it (%s)",
  async (_how, id) => {
    const model = createPuppet();
    const { heart, store } = await makeBed({ model });
    const asked = heart.prompt(ada, "channel:a", { text: "one", promptId: "p1" });
    await heart.cancel(ada, "channel:a", id);
    const { turn } = await asked;
    const end = (await store.readTurn("channel:a", turn)).at(-1);
    expect(end).toMatchObject({ kind: "turn-end", end: "cancelled" });
  },
);

test("interrupt: of two prompts that come at once the second stops the first", async () => {
  const model = createPuppet();
  const { heart, listen } = await makeBed({ model, policy: "interrupt" });
  const { ear } = listen("channel:a");
  const [first, second] = await Promise.all(
    ["one", "two"].map((text) => heart.prompt(ada, "channel:a", { text })),
  );
  await ear.untilEnded(first?.turn ?? 0);
  expect(ear.ends.get(first?.turn ?? 0)).toBe("cancelled");
  const call = await model.asked(model.calls.length - 1);
  if (call.request.turn !== second?.turn) await model.asked(model.calls.length);
  model.calls.at(-1)?.finish();
  await ear.untilEnded(second?.turn ?? 0);
});

test("P11 a relayed frame whose id a prompt takes while it is looked up cannot speak for that prompt", async () => {
  const gate = Promise.withResolvers<void>();
  let slow = false;
  const wrap = (store: Store): Store => ({
    ...store,
    findPrompt: async (...asked) => {
      const held = slow;
      const found = await store.findPrompt(...asked);
      if (held) await gate.promise;
      return found;
    },
  });
  const { heart } = await makeBed({ model: createPuppet(), store: wrap });
  await heart.prompt(ada, "channel:a", { text: "so that it exists" });
  slow = true;
  const forged = heart.publish(ada, "channel:a", frame("p1"));
  await new Promise((resolve) => void setImmediate(resolve));
  slow = false;
  await heart.prompt(ada, "channel:a", { text: "two", promptId: "p1" });
  gate.resolve();
  expect(await codeOf(forged)).toBe("message_id_taken");
  expect(await codeOf(heart.publish(ada, "channel:a", frame("p1")))).toBe("message_id_taken");
});

test("afterTurn is told of a turn that was stopped while it waited", async () => {
  const ends: string[] = [];
  const model = createPuppet();
  const told = Promise.withResolvers<void>();
  const hooks = {
    afterTurn: ({ entries }: { readonly entries: readonly { readonly kind: string }[] }): void => {
      ends.push(entries.map((entry) => entry.kind).join(" "));
      told.resolve();
    },
  };
  const { heart } = await makeBed({ model, hooks });
  await heart.prompt(ada, "channel:a", { text: "one" });
  await heart.prompt(ada, "channel:a", { text: "two", promptId: "p2" });
  await heart.cancel(ada, "channel:a", "p2");
  await told.promise;
  expect(ends).toEqual(["prompt turn-end"]);
});

test("P11 a rule of the operator that throws refuses that conversation, and the list leaves it out", async () => {
  const hooks = {
    authorise: ({
      conversation,
      action,
    }: {
      readonly conversation: string;
      readonly action: string;
    }): void => {
      if (conversation === "channel:secret" || action === "stop") throw new Error("no");
    },
  };
  const content: MemoryContent = new Map();
  const open = await makeBed({ model: createPuppet(), content });
  for (const name of ["channel:secret", "channel:open"]) await open.heart.prompt(ada, name, { text: "one" });
  const { heart } = await makeBed({ model: createPuppet(), content, hooks });
  const { conversations } = await heart.list(ada, {});
  expect(conversations.map(({ id }) => id)).toEqual(["open"]);
  // Stopping one's own turn needs no right to stop.
  expect(await codeOf(heart.cancel(ada, "channel:open"))).toBe("no error");
  expect(await codeOf(heart.cancel(principal("eve"), "channel:secret"))).toBe("not_allowed");
});

test("P11 a rule of the operator that answers with a promise lets nobody in", async () => {
  // As a program without types might bring it.
  const authorise = Object.assign(() => {}, {});
  const late: typeof authorise = new Proxy(authorise, { apply: () => Promise.resolve(true) });
  const { heart } = await makeBed({ model: createPuppet(), hooks: { authorise: late } });
  expect(await codeOf(heart.prompt(ada, "channel:a", { text: "one" }))).toBe("not_allowed");
});
