import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formatFaults } from "./config-fault.ts";
import type { ConfigSources } from "./config-sources.ts";
import { defineConfig } from "./define-config.ts";
import { readConfig } from "./read-config.ts";
import type { Config } from "./resolve-config.ts";

const good = (sources: ConfigSources): Config => {
  const result = readConfig(sources);
  if (!result.ok) throw new Error(formatFaults(result.faults));
  return result.config;
};
const faults = (sources: ConfigSources): Record<string, string> => {
  const result = readConfig(sources);
  if (result.ok) return {};
  for (const fault of result.faults) expect(fault.instead.length).toBeGreaterThan(3);
  return Object.fromEntries(result.faults.map((fault) => [fault.name, fault.wrong]));
};
const file = (value: unknown) => ({ name: "colloquy.config.ts", value });
const secret = "0123456789abcdef0123456789abcdef";

test("with nothing set, it serves the guide to this machine", () => {
  const config = good({});
  expect(config).toMatchObject({
    port: 8080,
    host: "127.0.0.1",
    dataDir: "./data",
    model: "demo:guide",
    drainSeconds: 20,
  });
  expect(config.admission).toEqual({ hosts: ["127.0.0.1"], origins: [], anonymous: "loopback" });
  const { promptsPerMinute, publishesPerMinute, maxConnections, frameIntervalMs } = config;
  expect([promptsPerMinute, publishesPerMinute, maxConnections, frameIntervalMs]).toEqual([
    1_200,
    Infinity,
    Infinity,
    25,
  ]);
  expect(good({ env: { JWT_SECRET: secret } }).publishesPerMinute).toBe(60_000);
  expect([...config.assistants.values()]).toMatchObject([
    { id: "default", model: "demo:guide", policy: "queue" },
    { id: "team", model: "sequencer:team", policy: "queue" },
  ]);
  expect(config.assistants.get("default")?.limits).toMatchObject({ firstEventMs: 60_000, turnMs: 900_000 });
});

test("the environment goes before the file, and the command line before both; empty counts as not set", () => {
  const sources: ConfigSources = {
    file: file(defineConfig({ port: 1, host: "localhost", dataDir: "/a" })),
    env: { PORT: "2", HOST: "", DATA_DIR: "  " },
    flags: { port: "3" },
  };
  expect(good(sources)).toMatchObject({ port: 3, host: "localhost", dataDir: "/a" });
  expect(good({ ...sources, flags: {} }).port).toBe(2);
});

test("a key or an address makes a real model the default, unless one is named", () => {
  expect(good({ env: { OPENAI_API_KEY: "k" } }).model).toMatch(/^openai:/);
  expect(good({ env: { OPENAI_BASE_URL: "http://localhost:11434/v1" } }).model).toMatch(/^openai:/);
  expect(good({ env: { OPENAI_API_KEY: "k", MODEL: " demo:echo " } }).assistants.get("default")?.model).toBe(
    "demo:echo",
  );
});

test("P11 whoever is served without signing in", () => {
  const anonymous = (env: Record<string, string>): string => good({ env }).admission.anonymous;
  expect(anonymous({})).toBe("loopback");
  expect(anonymous({ HOST: "localhost" })).toBe("loopback");
  expect(anonymous({ JWT_SECRET: secret })).toBe("never");
  expect(anonymous({ JWT_SECRET: secret, HOST: "0.0.0.0" })).toBe("never");
  expect(anonymous({ JWKS_URL: "https://id.example.com/keys", HOST: "::" })).toBe("never");
  expect(anonymous({ JWT_SECRET: secret, ALLOW_ANONYMOUS: "1" })).toBe("always");
  expect(anonymous({ HOST: "0.0.0.0", ALLOW_ANONYMOUS: "yes" })).toBe("always");
  expect(good({ embedded: true, file: file({ host: "0.0.0.0" }) }).admission.anonymous).toBe("never");
});

test("P11 an open address without sign-in refuses to start", () => {
  for (const HOST of ["0.0.0.0", "::", "192.168.1.7", "chat.example.com"]) {
    expect(faults({ env: { HOST } })["HOST"]).toContain("nobody would have to sign in");
  }
  expect(faults({ env: { HOST: "0.0.0.0", ALLOW_ANONYMOUS: "0" } })).toHaveProperty("HOST");
});

test("P11 the name that is bound to is one that requests may ask for, and those listed are", () => {
  expect(
    good({ env: { HOST: "chat.lan", JWT_SECRET: secret, ALLOWED_HOSTS: "a.example, *.b.example" } }).admission
      .hosts,
  ).toEqual(["chat.lan", "a.example", "*.b.example"]);
  expect(good({ env: { HOST: "0.0.0.0", JWT_SECRET: secret } }).admission.hosts).toEqual([]);
});

test("P12 all faults at once, each under the name that it was written by", () => {
  const found = faults({
    env: {
      PORT: "http",
      JWT_SECRET: "short",
      JWKS_URL: "http://id.example.com",
      ALLOW_ANONYMOUS: "perhaps",
      ALLOWED_ORIGINS: "app.example.com",
    },
    file: file({
      prot: 1,
      logLevel: "loud",
      assistants: {
        helper: { policy: "sometimes", tools: "weather" },
        other: { model: "gpt", limits: { turnMs: -1 } },
        none: {},
      },
      channels: { "x-*": { assistant: "helpre" } },
      afterTurn: "later",
    }),
    flags: { drainSeconds: "-1" },
  });
  expect(found).toEqual({
    PORT: '"http" is not a whole number from 0 to 65535',
    JWT_SECRET: "its value is shorter than 32 bytes",
    JWKS_URL: '"http://id.example.com" is not https',
    "JWT_SECRET and JWKS_URL": expect.stringContaining("never by both"),
    ALLOW_ANONYMOUS: '"perhaps" is neither 1 nor 0',
    ALLOWED_ORIGINS: expect.stringContaining("no origin"),
    "prot in colloquy.config.ts": "there is no such setting",
    "logLevel in colloquy.config.ts": expect.stringContaining("is none of debug"),
    "assistants.helper.policy in colloquy.config.ts": '"sometimes" is no policy',
    "assistants.helper.tools in colloquy.config.ts": '"weather" is not a list',
    "assistants.other.model in colloquy.config.ts": '"gpt" is not of the form provider:model',
    "assistants.other.limits.turnMs in colloquy.config.ts": "-1 is not above 0",
    "channels.x-*.assistant in colloquy.config.ts": 'there is no assistant "helpre"',
    "assistants.none in colloquy.config.ts": '"none" is no id',
    "afterTurn in colloquy.config.ts": '"later" is not a function',
    "--drain-seconds": '"-1" is not a whole number from 0 to 3600',
  });
});

test("P12 a misspelt setting is told what was meant", () => {
  const result = readConfig({ file: file({ datadir: "/x", "model-": 1 }) });
  expect(result.ok ? [] : result.faults.map((fault) => fault.instead)).toEqual([
    "dataDir, if that was meant",
    "model, if that was meant",
  ]);
});

test("P12 a channel that names no assistant, and audiences that nothing checks", () => {
  expect(
    faults({ file: file({ channels: { "x-*": { assistant: "helpre" } }, assistants: { helper: {} } }) }),
  ).toEqual({
    "channels.x-*.assistant in colloquy.config.ts": 'there is no assistant "helpre"',
  });
  expect(faults({ env: { JWT_AUDIENCE: "chat", JWT_ISSUER: "me" } })).toHaveProperty("JWT_AUDIENCE");
  expect(faults({ env: { HEARTBEAT_SECONDS: "200" } })).toHaveProperty("SILENCE_SECONDS");
});

test("P12 a channel whose assistant is unknown is told all there are, not only what looks alike", () => {
  const instead = (assistant: string): readonly string[] => {
    const value = { channels: { x: { assistant } }, assistants: { shop: {}, helper: {} } };
    const result = readConfig({ file: file(value) });
    return result.ok ? [] : result.faults.map((fault) => fault.instead);
  };
  expect(instead("nope")).toEqual(["one of shop, helper, team, none"]);
  expect(instead("helpre")).toEqual(["helper, if that was meant, or one of shop, helper, team, none"]);
});

test("P12 a file that exports nothing", () => {
  for (const value of [undefined, null, 7])
    expect(faults({ file: file(value) })).toHaveProperty("colloquy.config.ts");
});

test("a file's assistants and channels", () => {
  const config = good({
    file: file({
      assistants: {
        helper: { limits: "classic", policy: { parallel: 4 } },
        brief: { instructions: "Be brief.", limits: { turnMs: 5 } },
      },
      channels: { "relay-*": { assistant: "none" }, "*": { assistant: "brief", policy: "reject" } },
    }),
    env: { MODEL: "demo:echo" },
  });
  expect(config.defaultAssistant).toBe("helper");
  expect(config.assistants.get("helper")).toMatchObject({
    model: "demo:echo",
    policy: { parallel: 4 },
    limits: { turnMs: 90_000 },
  });
  expect(config.assistants.get("brief")?.limits).toMatchObject({ turnMs: 5, silenceMs: 60_000 });
  expect(config.channels).toEqual([
    { pattern: "relay-*", assistant: undefined },
    { pattern: "*", assistant: "brief", policy: "reject" },
    // Only where nobody else was named before.
    { pattern: "team", assistant: "team" },
  ]);
});

test("P12 whatever is written, the answer is a configuration or faults", () => {
  const names = [
    "PORT",
    "JWT_SECRET",
    "JWKS_URL",
    "ALLOWED_HOSTS",
    "OPENAI_BASE_URL",
    "SERVER_KEY",
    "MODEL",
    "RECOVERY",
  ];
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), fc.string()), fc.anything(), (env, value) => {
      const result = readConfig({ env, file: file(value) });
      expect(result.ok || result.faults.length > 0).toBe(true);
    }),
  );
});

test("no fault shows a secret", () => {
  const result = readConfig({
    env: { JWT_SECRET: "hush-1", SERVER_KEY: "hush-2", OPENAI_BASE_URL: "https://user:hush-3@example.com" },
    file: file({ openaiApiKey: ["hush-4"] }),
  });
  const said = result.ok ? "" : formatFaults(result.faults);
  expect(said).toContain("4 things");
  expect(said).not.toContain("hush");
});
