import { expect, test } from "vitest";
import { modelFault } from "../compose-models.ts";
import { formatFaults } from "./config-fault.ts";
import type { ConfigSources } from "./config-sources.ts";
import { defineConfig, type ColloquyConfig } from "./define-config.ts";
import { readConfig } from "./read-config.ts";
import type { Config } from "./resolve-config.ts";
import type { SequencerPlan } from "./sequencer-plans.ts";

const file = (value: ColloquyConfig) => ({ name: "colloquy.config.ts", value: defineConfig(value) });
const good = (sources: ConfigSources): Config => {
  const result = readConfig({ modelFault, ...sources });
  if (!result.ok) throw new Error(formatFaults(result.faults));
  return result.config;
};
const main = (sources: ConfigSources): SequencerPlan | undefined => good(sources).sequencers.get("main");
const faults = (value: ColloquyConfig, env: Record<string, string> = {}): Record<string, string> => {
  const result = readConfig({ file: file(value), env, modelFault });
  return result.ok ? {} : Object.fromEntries(result.faults.map(({ name, wrong }) => [name, wrong]));
};

test("the sequencer main is there as soon as anything is said of it, with the ports that its peers expect", () => {
  expect(main({})).toBeUndefined();
  expect(main({ env: { SEQUENCER_ENABLED: "1" } })).toEqual({
    name: "main",
    models: [],
    policy: "first",
    deadlineMs: 30_000,
    claimMs: 10_000,
    workers: true,
    skills: false,
    ingressPort: 65_000,
    contextExchanges: 5,
    udp: {
      ports: [5_001, 5_002, 5_003],
      listenPort: 5_000,
      address: "127.0.0.1",
      generation: 1,
      functions: new Map(),
      lan: false,
      echoes: false,
    },
  });
  expect(main({ env: { SEQUENCER_GENERATION: "2" } })).toMatchObject({
    contextExchanges: 3,
    udp: { generation: 2 },
  });
  expect(main({ file: file({ sequencers: { main: {} } }) })?.ingressPort).toBe(65_000);
  expect(main({ env: { SEQUENCER_ENABLED: "0", SEQUENCER_LISTEN_PORT: "5000" } })).toBeUndefined();
});

test("every setting of the environment arrives, and the section goes before it", () => {
  const env = {
    SEQUENCER_INGRESS_PORT: "6500",
    SEQUENCER_LISTEN_PORT: "6000",
    SEQUENCER_BROADCAST_PORTS: " 6001, 6002 ",
    SEQUENCER_BROADCAST_ADDRESS: "127.255.255.255",
    SEQUENCER_DEADLINE: "0.25",
    SEQUENCER_MAX_DATAGRAM: "2048",
    SEQUENCER_SECRET: "sixteen bytes or more",
    SEQUENCER_FUNCTIONS: "6001=weather, 6002 = music",
    SEQUENCER_LAN: "1",
  };
  expect(main({ env })).toMatchObject({
    ingressPort: 6_500,
    deadlineMs: 250,
    udp: {
      ports: [6_001, 6_002],
      listenPort: 6_000,
      address: "127.255.255.255",
      maxDatagram: 2_048,
      secret: "sixteen bytes or more",
      functions: new Map([
        [6_001, "weather"],
        [6_002, "music"],
      ]),
      lan: true,
    },
  });
  const section = file({
    sequencers: { main: { deadline: 5, udp: { listenPort: 7_000 }, ingressPort: false } },
  });
  const plan = main({ env, file: section });
  expect(plan).toMatchObject({ deadlineMs: 5_000, udp: { listenPort: 7_000, ports: [6_001, 6_002] } });
  expect(plan).not.toHaveProperty("ingressPort");
  expect(main({ env, file: file({ sequencers: { main: { udp: false } } }) })).not.toHaveProperty("udp");
});

test("the team is there where only this machine is served, unless there is one already", () => {
  expect(good({}).assistants.get("team")).toMatchObject({ model: "sequencer:team" });
  expect(good({ env: { TEAM: "0" } }).assistants.has("team")).toBe(false);
  expect(good({ embedded: true }).assistants.has("team")).toBe(false);
  expect(good({ embedded: true, env: { TEAM: "1" } }).assistants.has("team")).toBe(true);
  expect(good({ env: { HOST: "0.0.0.0", ALLOW_ANONYMOUS: "1" } }).assistants.has("team")).toBe(false);
  const own = good({ file: file({ assistants: { team: { model: "demo:echo" } } }) });
  expect([own.assistants.get("team")?.model, own.sequencers.has("team")]).toEqual(["demo:echo", false]);
  expect(good({ file: file({ channels: { room: { assistant: "team" } } }) }).channels).toHaveLength(2);
});

test("each sequencer answers in its own conversation, and its deadline fits into the limits of the turn", () => {
  const config = good({
    file: file({
      assistants: { asker: { model: "sequencer:panel" } },
      sequencers: { panel: { models: ["demo:echo", "skill:time"], deadline: 120 } },
    }),
  });
  expect(config.sequencerAssistants.get("seq:panel")).toMatchObject({
    id: "seq:panel",
    model: "sequencer:panel",
    policy: { parallel: 64, waiting: 1_000 },
    limits: { firstEventMs: 150_000 },
  });
  expect(config.assistants.get("asker")?.limits.firstEventMs).toBe(150_000);
});

test("P12 what is wrong with a sequencer is said where it was written", () => {
  expect(
    faults({
      assistants: { default: { model: "sequencer:nobody" } },
      sequencers: {
        empty: {},
        nested: { models: ["sequencer:empty"] },
        odd: { models: ["demo:nobody"], fallback: "skill:magic" },
        twice: { models: ["demo:echo", "demo:echo"], udp: { listenPort: 1 } },
        self: { udp: { ports: [7_000], listenPort: 7_000 } },
      },
    }),
  ).toEqual({
    "assistants.default.model in colloquy.config.ts": expect.stringContaining("no sequencer nobody"),
    "sequencers.empty in colloquy.config.ts": "it has nobody to ask",
    "sequencers.nested.models in colloquy.config.ts": "a sequencer cannot ask a sequencer",
    "sequencers.odd.models in colloquy.config.ts": expect.stringContaining("no model of that name"),
    "sequencers.odd.fallback in colloquy.config.ts": expect.stringContaining("no model of that name"),
    "sequencers.twice.udp.ports in colloquy.config.ts": "no model's port is named",
    "sequencers.twice.models in colloquy.config.ts": "a model is named twice",
    "sequencers.self.udp.listenPort in colloquy.config.ts": expect.stringContaining("7000"),
  });
  // What cannot be read at all hides no other fault, and makes none.
  expect(
    faults({
      assistants: { default: { model: "sequencer:panel" } },
      sequencers: { panel: { models: ["demo:echo"], udp: { ports: [] } } },
    }),
  ).toEqual({ "sequencers.panel.udp.ports in colloquy.config.ts": "[] is empty" });
  expect(faults({}, { SEQUENCER_LISTEN_PORT: "5001" })).toEqual({
    SEQUENCER_LISTEN_PORT: "prompts would be sent to 5001, where replies are heard",
  });
  expect(faults({}, { SEQUENCER_LAN: "1" })).toEqual({
    SEQUENCER_LAN: "anyone on the network could answer in a model's place",
  });
  expect(faults({}, { SEQUENCER_BROADCAST_PORTS: "5001,x" })).toHaveProperty(["SEQUENCER_BROADCAST_PORTS"]);
  expect(faults({}, { SEQUENCER_GENERATION: "3" })).toHaveProperty(["SEQUENCER_GENERATION"]);
  expect(faults({}, { SEQUENCER_FUNCTIONS: "weather" })).toHaveProperty(["SEQUENCER_FUNCTIONS"]);
  expect(faults({}, { SEQUENCER_SECRET: "short" })).toEqual({
    SEQUENCER_SECRET: "its value is shorter than 16 bytes",
  });
  const shared = { udp: { ports: [7_001], listenPort: 7_000 } };
  expect(faults({ sequencers: { a: shared, b: shared } })).toEqual({
    "sequencers.b.udp.listenPort in colloquy.config.ts": "a has 7000 already",
  });
});
