import type { RoomConversation, RoomsClientOptions } from "@colloquy/client/rooms";
import { createClient } from "@colloquy/client";
import * as fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { mintToken } from "../../packages/server/src/auth/mint-token.ts";
import { systemClock } from "../../packages/server/src/kernel/clock.ts";
import { type Script, calls, createScriptedModel } from "../../packages/server/src/models/scripted-model.ts";
import { careful, remote, tool } from "../heart/tool-kit.ts";
import { ownServer } from "../server/own-server.ts";
import { layCable } from "../stand-ins/cable.ts";
import { live, turnOf } from "../stand-ins/start-client.ts";
import { joinRooms } from "../stand-ins/start-rooms.ts";
import { until } from "../stand-ins/until.ts";

const secret = "a secret of tests that is long enough to be taken";
const tokenOf = (user: string): Promise<string> =>
  mintToken({
    secret,
    user,
    grants: { read: [], prompt: [], publish: [], stop: [] },
    expiresInSeconds: 600,
    clock: systemClock,
  });

const pay = careful("pay");
const look = tool("look", () => ({ degrees: 30 }));
const locate = remote("locate");

/** A server with tools, and people who come in as themselves. */
const openHouse = async (script: Script) => {
  const model = createScriptedModel(script);
  const house = await ownServer(model, {
    config: {
      jwtSecret: secret,
      tools: { own: [pay, look, locate] },
      roomTools: ["pay", "look", "locate"],
    },
  });
  const enter = async (
    user: string,
    options: Partial<RoomsClientOptions> = {},
  ): Promise<RoomConversation> => {
    const { client } = joinRooms(house.http, { token: await tokenOf(user), ...options });
    return client.conversation("lunch", { source: "aisuite", model: model.id });
  };
  return { ...house, model, enter };
};

test("two people: one invites the other, both see the same, and a third is kept out", async () => {
  const { enter, http } = await openHouse((_request, call) => (call === 1 ? ["Hello ", "there"] : ["Well"]));
  const ann = await enter("ann");
  await live(ann);
  const early = await enter("bob");
  await until(() => early.view().error !== undefined);
  await ann.invite("bob", "writer");
  early.close();
  const bob = await enter("bob");
  await live(bob);
  await until(() => ann.presence().here.length === 2);
  await ann.prompt("Hi", { messageId: "m1" });
  await until(() => turnOf(bob, "ann/m1")?.state === "completed");
  expect(turnOf(bob, "ann/m1")).toMatchObject({ author: "ann", prompt: "Hi", text: "Hello there" });
  bob.typing();
  await until(() => ann.presence().typing.includes("bob"));
  await bob.prompt("And?", { messageId: "m1" });
  await until(() => turnOf(ann, "bob/m1")?.state === "completed");
  expect(ann.view().turns.map(({ messageId, text }) => [messageId, text])).toStrictEqual([
    ["m1", "Hello there"],
    ["bob/m1", "Well"],
  ]);
  const late = await enter("bob", { transports: ["polling"] });
  await live(late);
  await until(() => late.view().turns.length === 2);
  expect(late.view().turns.map(({ text }) => text)).toStrictEqual(["Hello there", "Well"]);
  const { client } = joinRooms(http, { token: await tokenOf("bob") });
  const reader = client.conversation("lunch", { history: 1 });
  await live(reader);
  expect(reader.view().more).toBe(true);
  while (await reader.older(3)) expect(reader.view().more).toBe(true);
  await until(() => reader.view().turns.every(({ state }) => state === "completed"));
  expect(reader.view().turns.map(({ text }) => text)).toStrictEqual(["Hello there", "Well"]);
  await expect(bob.invite("cara", "reader")).rejects.toMatchObject({ code: "not_allowed" });
});

test("a call waits for approval while others are answered; another member grants it, a third sees who", async () => {
  const { enter } = await openHouse((_request, call) => {
    if (call === 1) return ["One moment. ", calls("pay", { eur: 5 }), calls("look")];
    return call === 2 ? ["It is noon."] : ["Paid."];
  });
  const ann = await enter("ann");
  await live(ann);
  await ann.invite("bob", "writer");
  const bob = await enter("bob");
  await live(bob);
  await ann.prompt("Pay", { messageId: "m1" });
  await until(() => turnOf(bob, "ann/m1")?.state === "waiting");
  expect(turnOf(bob, "ann/m1")?.calls).toMatchObject([
    { name: "pay", state: "waiting", at: 12, arguments: '{"eur":5}', until: expect.any(Number) },
    { name: "look", state: "done", result: '{"degrees":30}' },
  ]);
  await bob.prompt("What time is it?", { messageId: "m2" });
  await until(() => turnOf(ann, "bob/m2")?.state === "completed");
  expect(turnOf(ann, "m1")?.state).toBe("waiting");

  const again = await enter("ann");
  await live(again);
  await until(() => turnOf(again, "ann/m1")?.state === "waiting");
  const callId = turnOf(again, "ann/m1")?.calls?.[0]?.id ?? "";
  await bob.approve(callId);
  await expect(again.deny(callId)).rejects.toMatchObject({ code: "already_decided" });
  await until(() => turnOf(ann, "m1")?.state === "completed");
  for (const [room, id] of [
    [ann, "m1"],
    [again, "ann/m1"],
  ] as const) {
    await until(() => turnOf(room, id)?.state === "completed");
    expect(turnOf(room, id)).toMatchObject({
      text: "One moment. Paid.",
      calls: [{ state: "done", by: "bob" }, {}],
    });
  }
});

test("a tool runs in the program of whoever asked, and nowhere else", async () => {
  const { enter } = await openHouse((request, call) =>
    call === 1
      ? [calls("locate", { unit: "m" })]
      : [`You are at ${JSON.stringify(request.exchanges?.length ?? 0)}.`],
  );
  const ran: string[] = [];
  const tools = (user: string) => ({
    locate({ unit }: Readonly<Record<string, unknown>>) {
      ran.push(`${user} ${String(unit)}`);
      return { lat: 14.5 };
    },
  });
  const ann = await enter("ann", { tools: tools("ann") });
  await live(ann);
  await ann.invite("bob", "writer");
  const bob = await enter("bob", { tools: tools("bob") });
  await live(bob);
  await ann.prompt("Where am I?", { messageId: "m1" });
  await until(() => turnOf(bob, "ann/m1")?.state === "completed");
  expect(ran).toStrictEqual(["ann m"]);
  expect(turnOf(bob, "ann/m1")?.calls).toMatchObject([
    { runs: "client", state: "done", result: '{"lat":14.5}' },
  ]);
});

test("the same room over channels shows the same turn, and may decide about its calls", async () => {
  const { enter, url } = await openHouse((_request, call) =>
    call === 1 ? ["One moment. ", calls("pay")] : ["I may not."],
  );
  const ann = await enter("ann");
  await live(ann);
  const channels = createClient({ url, token: await tokenOf("ann") });
  onTestFinished(() => channels.close());
  const same = channels.conversation(ann.channel);
  await ann.prompt("Pay", { messageId: "m1" });
  await until(() => turnOf(same, "ann/m1")?.state === "waiting");
  await same.deny(turnOf(same, "ann/m1")?.calls?.[0]?.id ?? "", "too dear");
  await until(() => turnOf(ann, "m1")?.state === "completed");
  await until(() => turnOf(same, "ann/m1")?.state === "completed");
  const denied = { state: "denied", by: "ann", reason: "too dear" };
  for (const turn of [turnOf(ann, "m1"), turnOf(same, "ann/m1")])
    expect(turn).toMatchObject({ text: "One moment. I may not.", calls: [denied], turn: turn?.turn });
});

test("P4 an answer over a line that is cut again and again", async () => {
  const pieces = fc.array(
    fc.string({ unit: fc.constantFrom("a", "é", "😀", "\n", '"', "\\"), minLength: 1, maxLength: 8 }),
    { minLength: 4, maxLength: 10 },
  );
  await fc.assert(
    fc.asyncProperty(pieces, fc.constantFrom("websocket", "polling"), async (said, transport) => {
      const gates = said.map(() => Promise.withResolvers<void>());
      const { running, enter } = await openHouse(
        said.flatMap(
          (text, i) => [{ type: "until", opened: gates[i]?.promise ?? Promise.resolve() }, text] as const,
        ),
      );
      const cable = await layCable(running.at.port);
      onTestFinished(() => cable.close());
      const { client } = joinRooms(`http://${cable.address}`, {
        token: await tokenOf("ann"),
        transports: [transport],
      });
      await live(await enter("ann"));
      const room = client.conversation("lunch");
      let heard = "";
      let shrunk = 0;
      room.subscribe(() => {
        const { text = heard } = turnOf(room, "m1") ?? {};
        if (!text.startsWith(heard)) shrunk += 1;
        heard = text;
      });
      await room.prompt("Hi", { messageId: "m1" });
      for (const [i, gate] of gates.entries()) {
        if (i % 3 === 1) cable.cut();
        gate.resolve();
        if (i % 3 === 2) await until(() => heard === said.slice(0, i + 1).join(""));
      }
      await until(() => turnOf(room, "m1")?.state === "completed");
      expect([heard, shrunk]).toStrictEqual([said.join(""), 0]);
      await client.close();
      await running.colloquy.close();
    }),
    { numRuns: 5 },
  );
});

test("P12 who is not let in is told why, and does not come back", async () => {
  const { http } = await openHouse([]);
  const { client } = joinRooms(http, { token: "nonsense" });
  client.conversation("lunch");
  await until(() => client.connection.phase === "closed");
  expect(client.connection).toMatchObject({ code: "token_invalid" });
});

test("P11 who is put out of a room in the middle of reading is told so", async () => {
  const { enter } = await openHouse(() => ["Hello"]);
  const ann = await enter("ann");
  await live(ann);
  await ann.invite("bob", "writer");
  const bob = await enter("bob");
  await live(bob);
  await ann.invite("bob");
  await until(() => bob.view().error !== undefined);
  expect(bob.view().error?.code).toBe("not_found");
});
