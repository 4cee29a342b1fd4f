import { expect, test } from "vitest";
import { ColloquyError } from "../../packages/server/src/kernel/colloquy-error.ts";
import type { Store } from "../../packages/server/src/stores/store.ts";
import { ada, makeBed } from "./bed.ts";
import { createPuppet } from "./puppet-model.ts";

/** A store that commits and then loses its answer, as one does whose thread dies; `silent` appends of it. */
const forgetful =
  (faults: { appends: number; leads: number }) =>
  (store: Store): Store => ({
    ...store,
    append: async (append) => {
      await store.append(append);
      if (faults.appends > 0) {
        faults.appends -= 1;
        throw new ColloquyError("store_unavailable");
      }
    },
    lead: async (conversation, create) => {
      if (faults.appends === 0 && faults.leads > 0) {
        faults.leads -= 1;
        throw new ColloquyError("store_unavailable");
      }
      return store.lead(conversation, create);
    },
  });

test("P1 P3 a prompt whose append was confirmed to nobody is found in the log and accepted", async () => {
  const model = createPuppet();
  const faults = { appends: 0, leads: 0 };
  const { heart, listen } = await makeBed({ model, store: forgetful(faults) });
  const { ear } = listen("channel:a");
  faults.appends = 1;
  const { turn } = await heart.prompt(ada, "channel:a", { text: "Hi", promptId: "p1" });
  const call = await model.asked();
  call.say("here");
  faults.appends = 1;
  call.finish();
  await ear.untilEnded(turn);
  const { entries } = await heart.history(ada, "channel:a", {});
  expect(entries.map((entry) => entry.kind)).toEqual(["prompt", "note", "answer", "turn-end"]);
});

test("P3 P6 a prompt that was refused and is in the log all the same gets its turn, once the store can be asked", async () => {
  const model = createPuppet();
  const faults = { appends: 0, leads: 0 };
  const { heart, listen } = await makeBed({ model, store: forgetful(faults) });
  const { ear } = listen("channel:a");
  await heart.prompt(ada, "channel:a", { text: "first", promptId: "p0" });
  (await model.asked()).finish();
  await ear.untilEnded(1);
  Object.assign(faults, { appends: 1, leads: 1 });
  await expect(heart.prompt(ada, "channel:a", { text: "Hi", promptId: "p1" })).rejects.toMatchObject({
    code: "store_unavailable",
  });
  const later = heart.prompt(ada, "channel:a", { text: "Next", promptId: "p2" });
  for (const n of [1, 2]) (await model.asked(n)).finish();
  await ear.untilEnded((await later).turn);
  await ear.until(() => ear.ends.size === 3);
  const asked = model.calls.map((one) => one.request.messages.at(-1)?.text);
  expect(new Set(asked)).toEqual(new Set(["first", "Hi", "Next"]));
  expect((await heart.prompt(ada, "channel:a", { text: "Hi", promptId: "p1" })).repeated).toBe(true);
});

test("P3 an end whose append was confirmed to nobody stands in the log once", async () => {
  const model = createPuppet();
  const faults = { appends: 0, leads: 0 };
  const { heart, listen } = await makeBed({ model, store: forgetful(faults) });
  const { ear } = listen("channel:a");
  const { turn } = await heart.prompt(ada, "channel:a", { text: "Hi" });
  const call = await model.asked();
  call.say("text");
  await ear.until(() => ear.texts.get(turn) === "text");
  Object.assign(faults, { appends: 1, leads: 2 });
  call.finish();
  await ear.untilEnded(turn);
  const { entries } = await heart.history(ada, "channel:a", {});
  expect(entries.filter((entry) => entry.kind === "turn-end").length).toBe(1);
});

test("P3 what stores give back in other words is known again, when it was stored and that was confirmed to nobody", async () => {
  const model = createPuppet();
  const faults = { appends: 0, leads: 0 };
  const { heart, listen } = await makeBed({ model, store: forgetful(faults) });
  const { ear } = listen("channel:a");
  const { turn } = await heart.prompt(ada, "channel:a", { text: "Hi" });
  const call = await model.asked();
  call.emit({ type: "reasoning", text: "Hm", native: { signature: "s", none: undefined, no: Number.NaN } });
  faults.appends = 1;
  call.say("text");
  call.finish();
  await ear.untilEnded(turn);
  const { entries } = await heart.history(ada, "channel:a", {});
  expect(entries.map(({ kind }) => kind)).toEqual(["prompt", "note", "reasoning", "answer", "turn-end"]);
});
