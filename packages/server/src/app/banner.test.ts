import { expect, test } from "vitest";
import { addressOf, banner, surprises } from "./banner.ts";
import { readConfig } from "./config/read-config.ts";
import type { Config } from "./config/resolve-config.ts";

const secret = "0123456789abcdef0123456789abcdef";
const configOf = (env: Record<string, string>): Config => {
  const result = readConfig({ env });
  if (!result.ok) throw new Error("the configuration is good");
  return result.config;
};

test("names the page, the sockets and the health check by an address that can be opened", () => {
  const text = banner(configOf({}), "1.2.3", { host: "127.0.0.1", port: 4321 });
  for (const part of [
    "http://localhost:4321/\n",
    "ws://localhost:4321/ws",
    "http://localhost:4321/healthz",
    "demo:guide",
    "two browser tabs",
  ]) {
    expect(text).toContain(part);
  }
  expect(text).not.toContain("Mind");
});

test("names the team's page where there is one, and what sequencers listen on", () => {
  const at = { host: "127.0.0.1", port: 4321 };
  expect(banner(configOf({}), "1", at)).toContain("http://localhost:4321/#/c/team");
  expect(banner(configOf({ TEAM: "0" }), "1", at)).not.toContain("#/c/team");
  expect(banner(configOf({}), "1", at)).not.toContain("seq:");
  expect(banner(configOf({ SEQUENCER_ENABLED: "1" }), "1", at)).toContain(
    "seq:main TCP 65000 for breakouts; UDP 5000 for replies, 5001, 5002, 5003 asked",
  );
});

test("P12 what was perhaps meant otherwise is said at the start", () => {
  const text = banner(configOf({}), "1", { host: "127.0.0.1", port: 1 }, ["MODLE is no setting."]);
  expect(text).toContain("\nMind: MODLE is no setting.\n");
});

test("addresses", () => {
  expect(addressOf({ host: "0.0.0.0", port: 1 }, "http")).toBe("http://localhost:1");
  expect(addressOf({ host: "fd00::1", port: 1 }, "ws")).toBe("ws://[fd00::1]:1");
  expect(addressOf({ host: "chat.lan", port: 1 }, "http")).toBe("http://chat.lan:1");
});

test("where people must sign in, it says how, and shows no secret", () => {
  const text = banner(configOf({ JWT_SECRET: secret, OPENAI_API_KEY: "hush" }), "1", {
    host: "127.0.0.1",
    port: 1,
  });
  expect(text).toContain("colloquy -- token --user");
  expect(text).not.toContain(secret);
  expect(text).not.toContain("hush");
});

test("what may surprise is said", () => {
  expect(surprises(configOf({}))).toEqual([]);
  expect(surprises(configOf({ HOST: "0.0.0.0", JWT_SECRET: secret })).join("")).toContain("ALLOWED_HOSTS");
  expect(
    surprises(configOf({ HOST: "0.0.0.0", ALLOW_ANONYMOUS: "1", ALLOWED_HOSTS: "a.example" })).join(""),
  ).toContain("ALLOW_ANONYMOUS");
  expect(surprises(configOf({ OPENAI_BASE_URL: "http://localhost:11434/v1" })).join("")).toContain("MODEL");
  expect(
    surprises(configOf({ OPENAI_BASE_URL: "http://localhost:11434/v1", MODEL: "openai:llama" })),
  ).toEqual([]);
});
