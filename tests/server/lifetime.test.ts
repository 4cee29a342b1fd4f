import { createServer } from "node:http";
import { expect, test } from "vitest";
import { createColloquy } from "../../packages/server/src/index.ts";
import { systemIds } from "../../packages/server/src/kernel/ids.ts";
import { createScriptedModel } from "../../packages/server/src/models/scripted-model.ts";
import { createMemoryJournal } from "../../packages/server/src/stores/memory-journal.ts";
import { createMemoryStore, type MemoryContent } from "../../packages/server/src/stores/memory-store.ts";
import { call, withStatus } from "../gateways/caller.ts";
import { listen } from "../stand-ins/listen.ts";
import { ownServer } from "./own-server.ts";

const prompt = (text: string) => ({ channel: "lobby", message: text, message_id: text });

test("a prompt over the whole server, and its answer", async () => {
  const model = createScriptedModel(["Hello ", "there"]);
  const { call } = await ownServer(model);
  const caller = await call();
  caller.subscribe("lobby");
  caller.say(prompt("hi"));
  expect((await caller.next(withStatus("completed"))).payload).toMatchObject({
    message: "Hello there",
    message_id: "hi",
  });
});

test("drain lets a running turn end, refuses new prompts, keeps queued ones, and says goodbye with 1012", async () => {
  const gate = Promise.withResolvers<void>();
  const model = createScriptedModel(["one ", { type: "until", opened: gate.promise }, "two"]);
  const content: MemoryContent = new Map();
  const { call, running, http } = await ownServer(model, { content });
  const caller = await call();
  expect((await fetch(`${http}/readyz`)).status).toBe(200);
  caller.subscribe("lobby");
  caller.say(prompt("first"));
  await caller.next(withStatus("in_progress"));
  caller.say(prompt("second"));
  await caller.next(withStatus("started"));

  const stopped = running.stop();
  caller.say({ channel: "lobby", payload: { action: "prompt", message: "third", id: "x" } });
  expect((await caller.next((frame) => frame.payload["id"] === "x")).payload).toMatchObject({
    code: "draining",
  });
  expect((await fetch(`${http}/readyz`)).status).toBe(503);
  expect((await fetch(`${http}/healthz`)).status).toBe(200);
  gate.resolve();
  expect((await caller.next(withStatus("completed"))).payload).toMatchObject({
    message: "one two",
    message_id: "first",
  });
  expect(await caller.closed).toMatchObject({ code: 1012, reason: expect.stringContaining("reconnectInMs") });
  await stopped;
  await expect(call()).rejects.toThrow("ECONNREFUSED");

  const next = await ownServer(createScriptedModel(["again"]), { content });
  const later = await next.call();
  later.subscribe("lobby");
  later.say(prompt("second"));
  expect((await later.next(withStatus("completed"))).payload).toMatchObject({
    message: "again",
    message_id: "second",
  });
});

test("P3 what does not end within the time ends as interrupted, with its text", async () => {
  const model = createScriptedModel(["so far", { type: "hang" }]);
  const { call, running } = await ownServer(model, { config: { drainSeconds: 0 } });
  const caller = await call();
  caller.subscribe("lobby", { id: "s", mode: "delta" });
  caller.say(prompt("hi"));
  await caller.next(withStatus("in_progress"));
  await running.stop();
  const end = await caller.next(withStatus("error"));
  expect(end.payload).toMatchObject({ error_details: expect.stringContaining("interrupted") });
  expect((await caller.closed).code).toBe(1012);
});

test("a server is closed as often as one likes, also one that never started", async () => {
  const { running } = await ownServer(createScriptedModel([]));
  await Promise.all([running.colloquy.close(), running.colloquy.close()]);
  await running.stop();
  await expect(running.colloquy.start()).rejects.toThrow("once");
  const idle = createColloquy({ server: createServer(), ...inMemory() });
  await idle.close();
  await idle.close();
});

const inMemory = () => ({
  store: createMemoryStore({ ids: systemIds }),
  journal: createMemoryJournal(),
  logLevel: "silent" as const,
});

test("P11 an embedded server serves nobody anonymously unless its HTTP server listens on loopback", async () => {
  const inner = createServer();
  const colloquy = createColloquy({ server: inner, ...inMemory() });
  await colloquy.start();
  const outer = createServer();
  outer.on("upgrade", (...upgrade) => inner.emit("upgrade", ...upgrade));
  const caller = await call(`ws://127.0.0.1:${await listen(outer)}/ws`);
  caller.say(prompt("hi"));
  expect((await caller.next()).payload).toMatchObject({ code: "not_authenticated" });
  await colloquy.close();
  await caller.closed;
  outer.close();
});

test("an embedded server leaves upgrades of other paths to others", async () => {
  const server = createServer();
  server.on("upgrade", (request, socket) => {
    if (request.url === "/other") socket.end("HTTP/1.1 418 I'm a teapot\r\ncontent-length: 0\r\n\r\n");
  });
  const colloquy = createColloquy({ server, ...inMemory(), model: "demo:echo" });
  await colloquy.start();
  const port = await listen(server);
  await expect(call(`ws://127.0.0.1:${port}/other`)).rejects.toThrow("418");
  const caller = await call(`ws://127.0.0.1:${port}/ws`);
  caller.subscribe("lobby");
  caller.say(prompt("echo me"));
  expect((await caller.next(withStatus("completed"))).payload).toMatchObject({
    message: expect.stringContaining("echo me"),
  });
  await colloquy.close();
  await caller.closed;
  server.close();
});

test("P12 an embedding program is told all faults at once", () => {
  expect(() => createColloquy({ server: createServer(), model: "nobody:x", jwtSecret: "hush" })).toThrow(
    /2 things[^]*jwtSecret/,
  );
});

test("what a program passes goes before its environment", () => {
  const model = createScriptedModel([]);
  const env = { MODEL: "nobody:x", LOG_LEVEL: "silent" };
  expect(() =>
    createColloquy({ server: createServer(), env, models: [model], model: model.id }),
  ).not.toThrow();
  expect(() => createColloquy({ server: createServer(), env, models: [model] })).toThrow("nobody");
});
