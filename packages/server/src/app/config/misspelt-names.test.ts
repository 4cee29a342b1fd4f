import { expect, test } from "vitest";
import { misspeltNames } from "./misspelt-names.ts";
import { settingFacts } from "./setting-facts.ts";

test.each([
  ["MODLE", "MODEL"],
  ["MODELS", "MODEL"],
  ["PROT", "PORT"],
  ["ROOM_TOOL", "ROOM_TOOLS"],
  ["ALOWED_HOSTS", "ALLOWED_HOSTS"],
  ["SEQUENCER_DEADLNIE", "SEQUENCER_DEADLINE"],
  ["SEQUENCER_PORT", "SEQUENCER_INGRESS_PORT or SEQUENCER_LISTEN_PORT"],
  ["OPENAI_KEY", "OPENAI_API_KEY"],
])("P12 a misspelt name of the environment went unnoticed: %s", (written, meant) => {
  expect(misspeltNames({ [written]: "hush" })).toEqual([
    `${written} is no setting; if it is meant for Colloquy, write ${meant}.`,
  ]);
});

test("what is meant for others is left alone, and so is what was set rightly beside it", () => {
  const others = [
    "TERM",
    "HOME",
    "MODE",
    "POST",
    "HOSTNAME",
    "LANG",
    "PATH",
    "PWD",
    "USER",
    "LOGNAME",
    "SHELL",
  ];
  const tools = ["NODE_ENV", "DATABASE_URL", "LOG_FILE", "TEAM_ID", "AWS_PROFILE", "AWS_DEFAULT_REGION"];
  const providers = ["GOOGLE_API_KEY", "GEMINI_API_KEY", "AZURE_OPENAI_API_KEY", "OPENAI_ORG_ID"];
  const env = Object.fromEntries([...others, ...tools, ...providers].map((name) => [name, "x"]));
  expect(misspeltNames(env)).toEqual([]);
  expect(misspeltNames({ MODLE: "x", MODEL: "demo:echo" })).toEqual([]);
  expect(misspeltNames({ MODLE: " " })).toEqual([]);
});

test("no setting is taken for a misspelling of another", () => {
  const names = Object.values(settingFacts).flatMap((fact) => fact.env ?? []);
  for (const name of names) expect(misspeltNames({ [name]: "x" })).toEqual([]);
});
