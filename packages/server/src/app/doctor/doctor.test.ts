import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createSocket } from "node:dgram";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { readConfig } from "../config/read-config.ts";
import { openSqliteDatabase } from "../../stores/sqlite-database.ts";
import { listen } from "../listen.ts";
import { examine } from "./doctor.ts";
import { formatFindings, type Finding } from "./finding.ts";
import { lookAtFolder } from "./look-at-folder.ts";
import { lookAtPort } from "./look-at-port.ts";

const folder = mkdtempSync(path.join(tmpdir(), "colloquy-doctor-"));
afterAll(() => rmSync(folder, { recursive: true }));

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
  }
});
const serve = async (answer: RequestListener): Promise<number> => {
  const server = createServer(answer);
  servers.push(server);
  return (await listen(server, "127.0.0.1", 0)).port;
};
const facts = { nodeVersion: "26.10.0", usualBaseUrl: "http://127.0.0.1:1/v1" };
const find = async (env: Record<string, string>, about: string): Promise<Finding> => {
  const findings = await examine(readConfig({ env: { DATA_DIR: folder, PORT: "0", ...env } }), facts);
  const found = findings.find((finding) => finding.about === about);
  if (!found) throw new Error(`nothing about ${about}`);
  expect(found.state === "good").toBe(found.todo === undefined);
  return found;
};

test("all is well on a fresh machine, and nothing is left behind", async () => {
  const findings = await examine(
    readConfig({ env: { DATA_DIR: path.join(folder, "a", "b"), PORT: "0" } }),
    facts,
  );
  expect(findings.map(({ state }) => state)).toEqual(findings.map(() => "good"));
  expect(formatFindings(findings)).toContain("All is well.");
  expect(readdirSync(folder)).toEqual([]);
});

test("P12 a name of the environment that is close to one of ours is minded, and no fault", async () => {
  const read = readConfig({ env: { DATA_DIR: folder, PORT: "0", MODLE: "demo:tools" } });
  const minded = (await examine(read, facts)).filter(({ state }) => state !== "good");
  expect(minded).toMatchObject([{ state: "mind", says: expect.stringContaining("write MODEL.") }]);
});

test("faults of the configuration, each with what to do", async () => {
  const findings = await examine(readConfig({ env: { PORT: "x", HOST: "0.0.0.0" } }), {
    ...facts,
    nodeVersion: "20.1.0",
  });
  expect(findings.map(({ about, state }) => `${about} ${state}`)).toEqual([
    "node bad",
    "settings bad",
    "settings bad",
  ]);
  expect(formatFindings(findings)).toContain("3 of 3 things");
});

test("a folder that is a file", async () => {
  writeFileSync(path.join(folder, "file"), "");
  expect(await lookAtFolder(path.join(folder, "file"))).toMatchObject({
    state: "bad",
    todo: expect.stringContaining("DATA_DIR"),
  });
  rmSync(path.join(folder, "file"));
});

test("P12 doctor found all well where serve refuses: another server has the folder", async () => {
  const taken = path.join(folder, "taken");
  const server = openSqliteDatabase({ folder: taken });
  const other = await serve((_request, response) => void response.end("ok"));
  try {
    expect(await find({ DATA_DIR: taken }, "data folder")).toMatchObject({
      state: "bad",
      says: expect.stringContaining("in use by another"),
      todo: expect.stringContaining("DATA_DIR"),
    });
    expect((await find({ DATA_DIR: taken, PORT: String(other) }, "data folder")).state).toBe("good");
    // The look must not have loosened the lock.
    expect(() => openSqliteDatabase({ folder: taken })).toThrow("in use by another");
  } finally {
    server.close();
  }
  expect((await lookAtFolder(taken)).state).toBe("good");
  rmSync(taken, { recursive: true });
});

test.skipIf(process.getuid?.() === 0)(
  "a folder that may not be written (root may write everywhere)",
  async () => {
    const closed = mkdtempSync(path.join(folder, "closed-"));
    chmodSync(closed, 0o500);
    expect((await lookAtFolder(closed)).state).toBe("bad");
  },
);

test("a port that is taken, by another program and by ourselves", async () => {
  const other = await serve((_request, response) => void response.writeHead(404).end());
  expect(await lookAtPort("127.0.0.1", other)).toMatchObject({
    state: "bad",
    todo: expect.stringContaining("PORT"),
  });
  const own = await serve((_request, response) => void response.end("ok"));
  expect((await lookAtPort("127.0.0.1", own)).state).toBe("good");
  expect(await lookAtPort("203.0.113.7", 0)).toMatchObject({
    state: "bad",
    todo: expect.stringContaining("HOST"),
  });
});

test("a provider that answers, refuses the key, is no provider, or is not there", async () => {
  const asked: unknown[] = [];
  const port = await serve((request, response) => {
    asked.push([request.url, request.headers.authorization]);
    response.writeHead(request.headers.authorization === "Bearer good" ? 200 : 401);
    response.end(request.url?.startsWith("/v1") ? '{"data":[{"id":"llama"}]}' : "<html>");
  });
  const at = (where: string, key: string, model: string): Promise<Finding> =>
    find({ OPENAI_BASE_URL: where, OPENAI_API_KEY: key, MODEL: `openai:${model}` }, "provider");
  const base = `http://127.0.0.1:${port}`;
  expect(await at(`${base}/v1/`, "good", "llama")).toMatchObject({ state: "good" });
  expect(asked).toEqual([["/v1/models", "Bearer good"]]);
  expect(await at(`${base}/v1`, "bad", "llama")).toMatchObject({
    state: "bad",
    todo: expect.stringContaining("OPENAI_API_KEY"),
  });
  expect(await at(`${base}/v1`, "good", "gpt")).toMatchObject({
    state: "mind",
    todo: expect.stringContaining("llama"),
  });
  expect(await at(base, "good", "llama")).toMatchObject({
    state: "mind",
    todo: expect.stringContaining("OPENAI_BASE_URL"),
  });
  expect(await at("http://127.0.0.1:1/v1", "good", "llama")).toMatchObject({ state: "bad" });
});

test("who can get in", async () => {
  const secret = "0123456789abcdef0123456789abcdef";
  const port = await serve((_request, response) => void response.end('{"keys":[{"kty":"RSA"}]}'));
  expect((await find({}, "sign-in")).state).toBe("good");
  expect((await find({ JWT_SECRET: secret }, "sign-in")).state).toBe("good");
  expect((await find({ ALLOW_ANONYMOUS: "1" }, "sign-in")).state).toBe("mind");
  expect((await find({ JWKS_URL: `http://127.0.0.1:${port}/keys` }, "sign-in")).state).toBe("good");
  expect((await find({ JWKS_URL: "http://127.0.0.1:1/keys" }, "sign-in")).state).toBe("bad");
});

const taken = createSocket("udp4");

test("P12 the sequencer's ports, and what to do when they are taken", async () => {
  const { port } = await new Promise<AddressInfo>((resolve) => {
    taken.bind(0, "0.0.0.0", () => resolve(taken.address()));
  });
  const env = { SEQUENCER_LISTEN_PORT: String(port), SEQUENCER_INGRESS_PORT: "0" };
  const findings = await examine(readConfig({ env: { DATA_DIR: folder, PORT: "0", ...env } }), facts);
  taken.close();
  expect(findings.filter(({ about }) => about === "sequencer")).toMatchObject([
    { state: "bad", todo: expect.stringContaining("SEQUENCER_LISTEN_PORT") },
    { state: "good" },
  ]);
});
