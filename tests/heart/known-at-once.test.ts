import { expect, test } from "vitest";
import { ada, makeBed } from "./bed.ts";
import { Ear } from "./ear.ts";
import { createPuppet } from "./puppet-model.ts";

const present = (ear: Ear): number[] =>
  ear.heard.flatMap((told) => (told.kind === "present" ? [told.turn] : []));

/** Two turns that run side by side and have said nothing yet. */
const arrange = async () => {
  const model = createPuppet();
  const bed = await makeBed({ model, policy: { parallel: 4 } });
  const first = await bed.heart.prompt(ada, "channel:a", { text: "one" });
  await model.asked(0);
  const second = await bed.heart.prompt(ada, "channel:a", { text: "two" });
  const call = await model.asked(1);
  return { ...bed, model, first, second, call };
};

test("P8 whoever subscribed with the cursor of an acceptance was told of no earlier turn", async () => {
  const { listen, first, second, model, call } = await arrange();
  const { ear } = listen("channel:a", { cursor: second.cursor });
  await ear.until(() => present(ear).length > 0);
  call.say("Two.");
  call.finish();
  await ear.untilEnded(second.turn);
  (await model.asked(0)).finish();
  await ear.untilEnded(first.turn);
  expect(present(ear)).toEqual([first.turn]);
});

test("P8 whoever lost his connection just after he had been placed was told of no turn when he came back", async () => {
  const { listen, first, second } = await arrange();
  const deaf = new Ear();
  deaf.deaf = true;
  const { reader } = listen("channel:a", { ear: deaf });
  const { cursor } = await reader.placed;
  reader.close();
  const { ear } = listen("channel:a", { cursor });
  await ear.until(() => present(ear).length === 2);
  expect(present(ear)).toEqual([first.turn, second.turn]);
});

test("P8 whoever was told of a turn is not told again, though he comes back between two tellings", async () => {
  const { listen, first, second, call } = await arrange();
  const once = new Ear();
  once.ready = () => once.heard.length === 0;
  listen("channel:a", { ear: once, history: 0 });
  await once.until(() => present(once).length > 0);
  const { ear } = listen("channel:a", { cursor: once.cursor });
  await ear.until(() => present(ear).length > 0);
  const { ear: last } = listen("channel:a", { cursor: ear.cursor });
  call.finish();
  await last.untilEnded(second.turn);
  expect([present(once), present(ear), present(last)]).toEqual([[first.turn], [second.turn], []]);
});
