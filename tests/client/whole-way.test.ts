import {
  type Client,
  type ClientOptions,
  type Conversation,
  createClient,
  createPublisher,
  publishAnswer,
} from "@colloquy/client";
import * as fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { createScriptedModel } from "../../packages/server/src/models/scripted-model.ts";
import { ownServer } from "../server/own-server.ts";
import { freshFolder, runProgram } from "../server/process.ts";
import { layCable } from "../stand-ins/cable.ts";
import { startProvider } from "../stand-ins/provider.ts";
import { live, turnOf } from "../stand-ins/start-client.ts";
import { until } from "../stand-ins/until.ts";

/** A client that does not wait long, closed before the server is. */
const join = (url: string, options: Partial<ClientOptions> = {}): Client => {
  const client = createClient({ url, reconnect: { baseMs: 5, maxMs: 40 }, ...options });
  onTestFinished(() => client.close());
  return client;
};

/** Follows one answer as events tell it, and holds each step to P4. */
const follow = (conversation: Conversation, id: string) => {
  const heard = { text: "", shrunk: 0 };
  const stop = new AbortController();
  const reading = (async () => {
    for await (const event of conversation.events(stop.signal)) {
      if (event.type !== "text" || event.messageId !== id) continue;
      if (event.offset < heard.text.length) heard.shrunk += 1;
      heard.text = heard.text.slice(0, event.offset) + event.text;
    }
  })();
  onTestFinished(async () => {
    stop.abort();
    await reading;
  });
  return heard;
};

test("two people ask and see the same; one stops; a third reads it later, in pages", async () => {
  const model = createScriptedModel((_request, call) =>
    call === 1 ? ["Hello ", "there"] : ["Well", { type: "hang" }],
  );
  const { url } = await ownServer(model);
  const [ann, bob] = [join(url).conversation("lobby"), join(url).conversation("lobby")];
  await live(bob);
  const { cursor } = await ann.prompt("Hi", { messageId: "m1" });
  expect(cursor).not.toBe("");
  await until(() => turnOf(bob, "m1")?.state === "completed");
  expect(turnOf(bob, "m1")).toMatchObject({
    prompt: "Hi",
    text: "Hello there",
    turn: 1,
    author: "anonymous",
  });
  await ann.prompt("Hi", { messageId: "m1" });
  await expect(ann.prompt("Ho", { messageId: "m1" })).rejects.toMatchObject({ code: "prompt_id_taken" });
  await ann.prompt("And?", { messageId: "m2" });
  await until(() => turnOf(bob, "m2")?.text === "Well");
  await bob.cancel("m2");
  await until(() => turnOf(ann, "m2")?.state === "cancelled");
  expect(turnOf(ann, "m2")?.text).toBe("Well");
  expect(ann.view().turns.map((turn) => turn.messageId)).toStrictEqual(["m1", "m2"]);

  const later = join(url);
  const cara = later.conversation("lobby", { history: 2 });
  await live(cara);
  expect(cara.view()).toMatchObject({ more: true });
  while (await cara.older(2)) expect(cara.view().more).toBe(true);
  expect(cara.view().turns).toStrictEqual(
    ann.view().turns.map((turn) => ({ ...turn, endedAt: expect.any(Number) })),
  );
  const { conversations } = await later.conversations();
  expect(conversations).toMatchObject([{ id: "lobby", title: "Hi" }]);
});

test("P4 an answer over a line that is cut again and again", async () => {
  const pieces = fc.array(
    fc.string({ unit: fc.constantFrom("a", "é", "😀", "\n", '"', "\\"), minLength: 1, maxLength: 8 }),
    { minLength: 4, maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(pieces, fc.constantFrom("delta", "snapshot"), async (said, mode) => {
      const gates = said.map(() => Promise.withResolvers<void>());
      const model = createScriptedModel(
        said.flatMap(
          (text, i) => [{ type: "until", opened: gates[i]?.promise ?? Promise.resolve() }, text] as const,
        ),
      );
      const { running, url } = await ownServer(model);
      const cable = await layCable(running.at.port);
      onTestFinished(() => cable.close());
      const client = join(url.replace(/127[^/]*/, cable.address));
      const conversation = client.conversation("lobby", { mode });
      const heard = follow(conversation, "m1");
      await conversation.prompt("Hi", { messageId: "m1" });
      for (const [i, gate] of gates.entries()) {
        if (i % 3 === 1) cable.cut();
        gate.resolve();
        if (i % 3 === 2) await until(() => heard.text === said.slice(0, i + 1).join(""));
      }
      await until(() => turnOf(conversation, "m1")?.state === "completed" && heard.text === said.join(""));
      expect(turnOf(conversation, "m1")?.text).toBe(said.join(""));
      expect(heard.shrunk).toBe(0);
      await client.close();
      await running.colloquy.close();
    }),
    { numRuns: 8 },
  );
});

test("P1 P4 P6 the server is killed in the middle of an answer; the client loses nothing", async () => {
  const said = ["The quick ", "brown fox ", "jumps over ", "the lazy dog."];
  let hold = true;
  const provider = await startProvider({
    script: async (answer) => {
      await answer.text(said[0] ?? "");
      await answer.text(said[1] ?? "");
      if (hold) return;
      for (const text of said.slice(2)) await answer.text(text);
      await answer.finish();
      await answer.done();
    },
  });
  onTestFinished(() => provider.close());
  const cable = await layCable();
  onTestFinished(() => cable.close());
  const env = { PORT: "0", DATA_DIR: freshFolder(), OPENAI_BASE_URL: provider.url, MODEL: "openai:fox" };
  const serve = async () => {
    const program = runProgram("packages/server/src/main.ts", ["serve"], env);
    cable.port = Number((await program.says(/ws:\/\/localhost:(\d+)\/ws/))[1]);
    return program;
  };
  const first = await serve();
  const conversation = join(`ws://${cable.address}/ws`).conversation("lobby");
  const heard = follow(conversation, "m1");
  await conversation.prompt("What does it do?", { messageId: "m1" });
  await until(() => heard.text === "The quick brown fox ");
  cable.port = undefined;
  first.child.kill("SIGKILL");
  await first.ended;
  await until(() => conversation.view().phase === "stale");
  const second = conversation.prompt("And then?", { messageId: "m2" });
  hold = false;
  await serve();
  await second;
  await until(() => turnOf(conversation, "m2")?.state === "completed");
  expect(turnOf(conversation, "m1")).toMatchObject({ state: "completed", text: said.join("") });
  expect(heard).toStrictEqual({ text: said.join(""), shrunk: 0 });
});

test("an outside publisher answers what a client asks, where no assistant does", async () => {
  const { url } = await ownServer(createScriptedModel(["never"]), {
    config: { channels: { outside: { assistant: "none" } } },
  });
  const publisher = createPublisher({ url });
  onTestFinished(() => publisher.close());
  const outside = join(url).conversation("outside");
  await live(outside);
  const conversation = join(url).conversation("outside");
  await live(conversation);
  const asked = conversation.prompt("What time is it?", { messageId: "m1" });
  await until(() => turnOf(outside, "m1")?.prompt === "What time is it?");
  const stream = (async function* () {
    yield { type: "tool", name: "clock" };
    yield* ["It is ", "noon."];
  })();
  const published = await publishAnswer(publisher, { channel: "outside", messageId: "m1" }, stream);
  expect(published).toStrictEqual({ end: "completed", text: "It is noon." });
  expect(await asked).toMatchObject({ messageId: "m1" });
  await until(() => turnOf(conversation, "m1")?.state === "completed");
  expect(turnOf(conversation, "m1")?.text).toBe("It is noon.");
});

test("a restart that was announced: the client comes back when it was told to, and goes on", async () => {
  const content = new Map();
  const gate = Promise.withResolvers<void>();
  const model = createScriptedModel((_request, call) =>
    call === 1 ? ["One", { type: "until", opened: gate.promise }] : ["Two"],
  );
  const first = await ownServer(model, { content });
  const cable = await layCable(first.running.at.port);
  onTestFinished(() => cable.close());
  const conversation = join(`ws://${cable.address}/ws`).conversation("lobby");
  await conversation.prompt("1", { messageId: "m1" });
  await until(() => turnOf(conversation, "m1")?.text === "One");
  const stopped = first.running.stop();
  const second = conversation.prompt("2", { messageId: "m2" });
  gate.resolve();
  await until(() => turnOf(conversation, "m1")?.state === "completed");
  await stopped;
  const next = await ownServer(model, { content });
  cable.port = next.running.at.port;
  await second;
  await until(() => turnOf(conversation, "m2")?.text === "Two");
  expect(conversation.view().turns.map((turn) => turn.text)).toStrictEqual(["One", "Two"]);
});
