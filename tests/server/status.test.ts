import { request } from "node:http";
import { expect, test } from "vitest";
import { createScriptedModel } from "../../packages/server/src/models/scripted-model.ts";
import { withStatus } from "../gateways/caller.ts";
import { ownServer } from "./own-server.ts";

/** Status and body; unlike `fetch` it lets a test choose the Host. */
const get = (
  url: string,
  headers: Record<string, string> = {},
  method = "GET",
): Promise<[number | undefined, string]> =>
  new Promise((resolve, reject) => {
    const asked = request(url, { method, headers }, (response) => {
      let body = "";
      response.on("data", (piece: Buffer) => {
        body += piece.toString();
      });
      response.on("end", () => resolve([response.statusCode, body]));
    });
    asked.on("error", reject).end();
  });

const serverKey = "a-key-of-some-length";

test("health and readiness, by whatever name they are asked for", async () => {
  const { http } = await ownServer(createScriptedModel([]));
  expect(await get(`${http}/healthz`)).toEqual([200, "alive\n"]);
  expect(await get(`${http}/readyz?x=1`, { host: "10.0.0.7:8080" })).toEqual([200, "ready\n"]);
  expect(await get(`${http}/healthz`, {}, "HEAD")).toEqual([200, ""]);
});

test("P12 whoever asked for /ws without an upgrade, as behind a proxy that drops it, was told that it does not exist", async () => {
  const { http } = await ownServer(createScriptedModel([]));
  for (const method of ["GET", "POST"]) {
    const answer = await fetch(`${http}/ws?x=1`, { method });
    expect([answer.status, answer.headers.get("upgrade")]).toEqual([426, "websocket"]);
    expect(await answer.json()).toMatchObject({ code: "bad_frame", message: expect.stringMatching(/proxy/) });
  }
});

test("P12 so it was of /models, where model workers report", async () => {
  const without = await ownServer(createScriptedModel([]), { config: { team: false } });
  expect((await get(`${without.http}/models`))[0]).toBe(404);
  const { http } = await ownServer(createScriptedModel([]), {
    config: { team: false, sequencers: { any: { models: [], workers: true } } },
  });
  expect((await get(`${http}/models`))[0]).toBe(426);
});

test("metrics tell what has happened", async () => {
  const gate = Promise.withResolvers<void>();
  const model = createScriptedModel(["a", { type: "until", opened: gate.promise }, "b"]);
  const { http, call } = await ownServer(model);
  const caller = await call();
  caller.subscribe("lobby");
  caller.say({ channel: "lobby", message: "hi", message_id: "m1" });
  await caller.next(withStatus("in_progress"));
  gate.resolve();
  await caller.next(withStatus("completed"));
  const [status, text] = await get(`${http}/metrics`);
  expect(status).toBe(200);
  for (const line of [
    "colloquy_connections 1",
    "colloquy_readers 1",
    'colloquy_turns_ended_total{end="completed"} 1',
  ]) {
    expect(text.split("\n")).toContain(line);
  }
  expect(text).toMatch(/colloquy_store_append_seconds_count [1-9]/);
  expect(text).toMatch(/colloquy_token_age_seconds_count [1-9]/);
});

test("P11 metrics through a proxy only with the server's key, and never for foreign names and pages", async () => {
  const { http } = await ownServer(createScriptedModel([]), { config: { serverKey } });
  const proxied = { "x-forwarded-for": "10.0.0.7" };
  expect((await get(`${http}/metrics`, proxied))[0]).toBe(401);
  expect((await get(`${http}/metrics`, { ...proxied, authorization: "Bearer wrong" }))[0]).toBe(401);
  expect((await get(`${http}/metrics`, { ...proxied, authorization: `Bearer ${serverKey}` }))[0]).toBe(200);
  expect((await get(`${http}/metrics`, { host: "evil.example" }))[0]).toBe(421);
  expect((await get(`${http}/metrics`, { origin: "https://evil.example" }))[0]).toBe(403);
});

test("P11 without a server key nobody else sees the metrics, whatever they bring", async () => {
  const { http } = await ownServer(createScriptedModel([]));
  for (const authorization of ["Bearer ", "Bearer undefined", "Basic x"]) {
    expect((await get(`${http}/metrics`, { "x-forwarded-for": "10.0.0.7", authorization }))[0]).toBe(401);
  }
});

test("P12 what is not there is answered", async () => {
  const { http } = await ownServer(createScriptedModel([]));
  expect(await get(`${http}/nothing`)).toEqual([404, expect.stringContaining("not_found")]);
  expect((await get(`${http}/metrics`, {}, "POST"))[0]).toBe(404);
});
