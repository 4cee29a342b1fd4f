import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, request as httpRequest } from "node:http";
import path from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { createHttpGateway } from "../../packages/server/src/gateways/http/http-gateway.ts";
import { silentLogger } from "../../packages/server/src/kernel/logger.ts";
import { ada, makeBed, type BedOptions } from "../heart/bed.ts";
import { createPuppet } from "../heart/puppet-model.ts";
import { freshFolder } from "../server/process.ts";
import { careful, once } from "../heart/tool-kit.ts";
import { calls, createScriptedModel } from "../../packages/server/src/models/scripted-model.ts";
import { listen } from "../stand-ins/listen.ts";

const serverKey = "0123456789abcdef0123456789abcdef";

/** The gateway on a real heart and a real port, with a small page. */
const stage = async (
  options: { serverKey?: string; page?: boolean } = { serverKey },
  heart: Partial<BedOptions> = {},
) => {
  const model = createPuppet();
  const bed = await makeBed({ model, ...heart });
  const pageFolder = freshFolder();
  if (options.page !== false) {
    mkdirSync(path.join(pageFolder, "assets"));
    writeFileSync(path.join(pageFolder, "index.html"), "<!doctype html><title>Page</title>");
    writeFileSync(path.join(pageFolder, "assets/a-1.js"), "export {};");
  }
  const gateway = createHttpGateway({
    conversations: bed.heart,
    logger: silentLogger,
    admission: { hosts: [], origins: [], anonymous: "loopback" },
    pageFolder,
    authenticator: {
      identify: async ({ headers }) => (headers.authorization === "Bearer ada" ? ada : undefined),
    },
    offer: () => ({ models: [], sources: ["aisuite"], tools: [] }),
    ...(options.serverKey !== undefined && { serverKey: options.serverKey }),
  });
  const server = createServer((request, response) => {
    if (gateway.handle(request, response)) return;
    response.writeHead(404).end("somebody else's");
  });
  const port = await listen(server);
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${port}`;
  const post = async (
    route: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${url}/v1/${route}`, {
      method: "POST",
      headers: { authorization: `Bearer ${serverKey}`, "content-type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    const said: Record<string, unknown> = await answer.json();
    return { status: answer.status, ...said };
  };
  return { ...bed, model, url, port, post };
};

test("P1 P6 a back end prompts, publishes and stops with the server's key, in a user's name", async () => {
  const { post, listen: hear, model, heart } = await stage();
  const { ear } = hear("channel:room");
  const prompt = { channel: "room", message: "Hi", message_id: "m1", user: "bob" };
  const first = await post("prompt", prompt);
  expect(first).toMatchObject({ status: 202, message_id: "m1", turn: 1, repeated: false });
  expect(await post("prompt", prompt)).toMatchObject({
    status: 202,
    repeated: true,
    cursor: first["cursor"],
  });
  expect(await post("prompt", { ...prompt, message: "Ho" })).toMatchObject({
    status: 409,
    code: "prompt_id_taken",
    retry: false,
  });
  (await model.asked()).say("some");
  await ear.until(() => ear.texts.get(1) === "some");
  expect(await post("publish", { channel: "room", payload: { a: 1 } })).toMatchObject({ status: 202 });
  await ear.until(() => ear.heard.some((one) => one.kind === "relay" && one.json === '{"a":1}'));
  expect(await post("publish", { channel: "room", payload: { message_id: "m1" } })).toMatchObject({
    status: 409,
    code: "message_id_taken",
  });
  expect(await post("cancel", { channel: "room", message_id: "m1", user: "bob" })).toMatchObject({
    status: 200,
  });
  const { entries } = await heart.history(
    { user: "bob", anonymous: false, grants: { read: ["*"], prompt: [], publish: [], stop: [] } },
    "channel:room",
    {},
  );
  expect(entries[0]).toMatchObject({ kind: "prompt", author: "bob" });
  expect(entries.at(-1)).toMatchObject({ kind: "turn-end", end: "cancelled", by: "bob" });
});

test.each([
  [
    "a wrong key",
    { authorization: "Bearer wrong" },
    { channel: "a", message: "x" },
    401,
    "not_authenticated",
  ],
  ["no JSON", {}, "{", 400, "bad_json"],
  ["a form", { "content-type": "text/plain" }, { channel: "a", message: "x" }, 400, "bad_frame"],
  ["a missing field", {}, { channel: "a" }, 400, "bad_frame"],
  ["an empty prompt", {}, { channel: "a", message: " " }, 400, "empty_prompt"],
  ["an unknown assistant", {}, { channel: "a", message: "x", assistant: "nobody" }, 404, "unknown_assistant"],
  ["a huge body", {}, { channel: "a", message: "x".repeat(1_100_000) }, 413, "frame_too_large"],
  [
    "a foreign origin",
    { origin: "https://evil.example" },
    { channel: "a", message: "x" },
    403,
    "origin_refused",
  ],
] as const)("P12 P11 %s is refused with its code", async (_what, headers, body, status, code) => {
  const { post, meter } = await stage();
  expect(await post("prompt", body, headers)).toMatchObject({ status, code });
  expect(meter.running).toBe(0);
});

test("a payload is relayed as it was written; one that is nested too deeply, or to a reserved name, is refused", async () => {
  const { post, listen: hear } = await stage();
  const { ear } = hear("channel:room");
  const payload = '{"z":12345678901234567890, "__proto__":{"x":1},"a":"\\ud800"}';
  await post("publish", `{"payload":${payload},"channel":"room"}`);
  await ear.until(() => ear.heard.some((one) => one.kind === "relay" && one.json === payload));
  const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  expect(await post("publish", `{"channel":"room","payload":{"x":${deep}}}`)).toMatchObject({
    status: 400,
    code: "bad_frame",
  });
  expect(await post("publish", { channel: "connection", payload: {} })).toMatchObject({ code: "bad_frame" });
  expect(await post("prompt", { channel: "subscription", message: "x" })).toMatchObject({
    code: "bad_frame",
  });
});

test("P12 a body that does not say how long it is is taken like any other; no method fails the server", async () => {
  const { url } = await stage();
  const send = async (text: string, authorization = `Bearer ${serverKey}`): Promise<[number, string]> => {
    const headers = { authorization, "content-type": "application/json" };
    const body = new Blob([text]).stream();
    const init = { method: "POST", headers, body, duplex: "half" };
    const answer = await fetch(`${url}/v1/prompt`, init);
    const { code }: { code: string } = await answer.json();
    return [answer.status, code];
  };
  expect((await send('{"channel":"room","message":"Hi"}'))[0]).toBe(202);
  expect(await send("{", "Bearer wrong")).toEqual([401, "not_authenticated"]);
  for (const method of ["OPTIONS", "DELETE", "PATCH"])
    expect((await fetch(`${url}/v1/prompt`, { method })).status).toBe(401);
});

test("P11 without a configured key nobody has it; a foreign Host is refused", async () => {
  const { post } = await stage({});
  expect(await post("prompt", { channel: "a", message: "x" })).toMatchObject({
    status: 401,
    detail: "no SERVER_KEY is configured",
  });
  const { port } = await stage();
  const status = await new Promise((resolve) => {
    httpRequest({ port, host: "127.0.0.1", path: "/", headers: { host: "evil.example" } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    }).end();
  });
  expect(status).toBe(421);
});

test("the page is served under a policy of its own server only, and nothing beside its files is", async () => {
  const { url, port } = await stage();
  const page = await fetch(url);
  expect([page.status, page.headers.get("cache-control")]).toEqual([200, "no-cache"]);
  expect(page.headers.get("content-security-policy")).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
  const again = await fetch(url, { headers: { "if-none-match": page.headers.get("etag") ?? "" } });
  expect(again.status).toBe(304);
  const script = await fetch(`${url}/assets/a-1.js`);
  expect([script.status, script.headers.get("cache-control")]).toEqual([
    200,
    "public, max-age=31536000, immutable",
  ]);
  for (const raw of [
    "/../package.json",
    "/assets/../../etc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/assets",
    "/other",
  ]) {
    const status = await new Promise((resolve) => {
      httpRequest({ port, host: "127.0.0.1", path: raw }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      }).end();
    });
    expect(status).toBe(404);
  }
});

test("without a built page `/` is somebody else's", async () => {
  const { url } = await stage({ serverKey, page: false });
  expect(await (await fetch(url)).text()).toBe("somebody else's");
});

test("P11 what there is to choose from is for those who are signed in, or have the server's key", async () => {
  const { url } = await stage();
  const ask = async (token?: string): Promise<[number, unknown]> => {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const answer = await fetch(`${url}/v1/models`, { headers });
    return [answer.status, await answer.json()];
  };
  const offer = { models: [], sources: ["aisuite"], tools: [] };
  expect(await ask("ada")).toEqual([200, offer]);
  expect(await ask(serverKey)).toEqual([200, offer]);
  expect(await ask()).toMatchObject([401, { code: "not_authenticated" }]);
});

test("P10 P11 a back end grants and denies calls that wait, in a user's name", async () => {
  const pay = careful("pay");
  const model = createScriptedModel(once(calls("pay", { eur: 1 }), calls("pay", { eur: 2 })));
  const { post, heart, store } = await stage({ serverKey }, { model, assistant: { tools: () => [pay] } });
  const { turn } = await heart.prompt(ada, "channel:room", { text: "Go" });
  const open = async (): Promise<number> =>
    (await store.readTurn("channel:room", turn)).filter((entry) => entry.kind === "approval").length;
  await vi.waitFor(async () => expect(await open()).toBe(2));
  const decide = (route: string, call: string): Promise<Record<string, unknown>> =>
    post(route, { channel: "room", tool_call_id: call, user: "bob" });
  expect(await decide("approve", `call_${turn}_1`)).toMatchObject({ status: 200, granted: true });
  expect(await decide("deny", `call_${turn}_1`)).toMatchObject({ status: 409, code: "already_decided" });
  expect(await decide("deny", `call_${turn}_2`)).toMatchObject({ status: 200, denied: true });
  expect(await decide("deny", "call_9_9")).toMatchObject({ status: 404, code: "no_such_call" });
  await vi.waitFor(() => expect(pay.ran).toHaveLength(1));
});
