import { expect, test } from "vitest";
import { createScriptedModel, calls } from "../../packages/server/src/models/scripted-model.ts";
import type { Tool } from "../../packages/server/src/tools/tool.ts";
import { until } from "../stand-ins/until.ts";
import { ada, makeBed, principal } from "./bed.ts";
import { Ear } from "./ear.ts";
import { careful, codeOf, once, remote } from "./tool-kit.ts";

const bob = principal("bob");
const eve = principal("eve");
const chat = "chat:1";

/** A room of ada's; whoever asks in it makes its model call the tool. */
const open = async (tool: Tool) => {
  const model = createScriptedModel(once(calls(tool.name), calls(tool.name)));
  const kind = { model: () => model };
  const bed = await makeBed({ model, roomKinds: { aisuite: kind }, assistant: { tools: () => [tool] } });
  const { heart, meter } = bed;
  const wish = { chatId: "1", source: "aisuite", model: "m" };
  const { roomId } = await heart.rooms.create(ada, wish);
  const ask = async (who = ada): Promise<number> => {
    const { turn } = await heart.rooms.say(who, roomId, { type: "text", text: "Go", data: {} });
    await until(() => meter.waiting === 1);
    return turn;
  };
  const decide = (who = ada, k = 1, turn = 0) =>
    codeOf(heart.decide(who, chat, { callId: `call_${turn}_${k}`, verdict: "granted" }));
  const invite = (role?: "reader" | "writer" | "owner") => heart.rooms.invite(ada, roomId, "bob", role);
  return { ...bed, wish, roomId, ask, decide, invite };
};

test("P11 who may decide about calls in a room: writers and owners, no readers, nobody who was put out", async () => {
  const { ask, decide, invite } = await open(careful("pay"));
  await invite("reader");
  const turn = await ask();
  expect(await decide(eve, 1, turn)).toBe("not_allowed");
  expect(await decide(bob, 1, turn)).toBe("not_allowed");
  await invite("writer");
  expect(await decide(bob, 1, turn)).toBe("no error");
  await invite();
  expect(await decide(bob, 2, turn)).toBe("not_allowed");
  expect(await decide(ada, 2, turn)).toBe("no error");
});

test("P11 whoever is put out, or may only read from then on, decides nothing about their own calls and sends no results", async () => {
  for (const role of [undefined, "reader"] as const) {
    const paying = await open(careful("pay"));
    await paying.invite("writer");
    const paid = await paying.ask(bob);
    await paying.invite(role);
    expect(await paying.decide(bob, 1, paid)).toBe("not_allowed");

    const asking = await open(remote("where"));
    await asking.invite("writer");
    const asked = await asking.ask(bob);
    await asking.invite(role);
    const result = { callId: `call_${asked}_1`, outcome: "result" as const, content: "here" };
    expect(await codeOf(asking.heart.settle(bob, chat, result))).toBe("not_allowed");
    // Nor does anybody else send them for bob.
    expect(await codeOf(asking.heart.settle(ada, chat, result))).toBe("not_allowed");
  }
});

test("P11 nobody is told again of turns that they may not ask for", async () => {
  const { ask, heart } = await open(careful("pay"));
  const turn = await ask();
  const retell = (who = ada): Promise<readonly Buffer[]> => heart.retell(who, chat, turn, new Ear().voice);
  expect(await codeOf(retell(eve))).toBe("not_allowed");
  expect((await retell()).length).toBeGreaterThan(0);
});

test("P11 a writer who creates the room once more finds it as its owner has set it", async () => {
  const { heart, wish, roomId, invite } = await open(careful("pay"));
  await invite("writer");
  expect(await heart.rooms.create(bob, { ...wish, model: "dear" })).toMatchObject({ roomId, model: "m" });
  await invite("owner");
  expect(await heart.rooms.create(bob, { ...wish, model: "dear" })).toMatchObject({ roomId, model: "dear" });
});
