import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, expect, test } from "vitest";
import { createJwtAuthenticator } from "../../auth/jwt-authenticator.ts";
import { systemClock } from "../../kernel/clock.ts";
import { runCli } from "./cli.ts";
import type { ExitCode } from "./terminal.ts";

const folder = mkdtempSync(path.join(tmpdir(), "colloquy-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));
const secret = "0123456789abcdef0123456789abcdef";

interface Said {
  readonly code: ExitCode;
  readonly output: string;
  readonly errors: string;
}

const run = async (args: readonly string[], env: Record<string, string> = {}): Promise<Said> => {
  const output = new PassThrough();
  const errors = new PassThrough();
  const code = await runCli(args, {
    env,
    cwd: folder,
    input: new PassThrough(),
    output,
    errors,
    isPerson: false,
    onStop: () => () => {},
    onRejection: () => {},
  });
  return { code, output: String(output.read() ?? ""), errors: String(errors.read() ?? "") };
};

test("help, by any name, and with nothing said", async () => {
  for (const args of [[], ["help"], ["--help"], ["-h"], ["serve", "--help"]]) {
    const said = await run(args);
    expect([said.code, said.errors]).toEqual([0, ""]);
    expect(said.output).toContain("colloquy serve");
  }
  expect((await run(["version"])).output).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("the help about settings showed no defaults", async () => {
  const { output } = await run(["help", "settings"]);
  const lines = output.split("\n");
  for (const [name, usual] of [
    ["PORT", "8080"],
    ["DATA_DIR", "./data"],
    ["ALLOW_ANONYMOUS", "0"],
    ["PROMPTS_PER_MINUTE", "120; 1200 on loopback"],
    ["ROOM_MODELS", "*"],
  ]) {
    expect(lines.map((line) => line.trim().split(/ {2,}/))).toContainEqual([name, usual]);
  }
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(output).toContain("(in the file: googleApiKey)");
});

test("P12 an unknown command or option leads to the help", async () => {
  expect(await run(["sevre"])).toMatchObject({
    code: 2,
    errors: expect.stringMatching(/did you mean serve\?[^]*colloquy chat/),
  });
  expect(await run(["constructor"])).toMatchObject({
    code: 2,
    errors: expect.stringContaining("no command"),
  });
  expect(await run(["serve", "--prot", "1"])).toMatchObject({
    code: 2,
    errors: expect.stringContaining("--prot"),
  });
});

test("P11 a token that the server of the same secret takes", async () => {
  const said = await run(
    [
      "token",
      "--user",
      "ada",
      "--read",
      "team-*,lobby",
      "--read",
      "x",
      "--prompt",
      "lobby",
      "--serve",
      "skill-*",
      "--expires",
      "15m",
    ],
    { JWT_SECRET: secret, JWT_AUDIENCE: "chat" },
  );
  expect(said).toMatchObject({ code: 0, errors: "" });
  const authenticator = createJwtAuthenticator({
    key: { kind: "secret", secret },
    audience: "chat",
    clock: systemClock,
  });
  const principal = await authenticator.identify({
    remoteAddress: undefined,
    headers: {},
    token: said.output.trim(),
  });
  expect(principal).toMatchObject({
    user: "ada",
    grants: { read: ["team-*", "lobby", "x"], prompt: ["lobby"], publish: [], stop: [], serve: ["skill-*"] },
  });
});

test("P12 a token that cannot be made or allows nothing, and why", async () => {
  expect((await run(["token"], { JWT_SECRET: secret })).errors).toContain("--user");
  expect((await run(["token", "--user", "a"])).errors).toContain("JWT_SECRET");
  expect((await run(["token", "--user", "a"], { JWT_SECRET: secret })).errors).toContain("allows nothing");
  expect((await run(["token", "--user", "a", "--expires", "soon"], { JWT_SECRET: secret })).errors).toContain(
    "15m",
  );
  expect((await run(["token", "--user", "a"], { JWKS_URL: "https://id.example.com" })).errors).toContain(
    "id.example.com",
  );
});

test("P12 serve tells all faults of the configuration, also those of its file and of its models", async () => {
  writeFileSync(
    path.join(folder, "bad.ts"),
    'export default { assistants: { a: { model: "demo:nothing" } }, prot: 1 };\n',
  );
  const said = await run(["serve", "--config", "bad.ts", "--port", "http"], {
    HOST: "0.0.0.0",
    JWT_SECRET: "hush",
  });
  expect(said.code).toBe(2);
  for (const part of ["--port", "JWT_SECRET", "prot in bad.ts", "assistants.a.model in bad.ts", "4 things"]) {
    expect(said.errors).toContain(part);
  }
  expect(said.errors).not.toContain("hush");
});

test("P12 a configuration file that is not there, beside other faults", async () => {
  const said = await run(["serve", "--config", "none.ts"], { PORT: "http", MODEL: "openai:x" });
  for (const part of ["--config", "PORT", "MODEL", "OPENAI_API_KEY"]) expect(said.errors).toContain(part);
});

test("doctor says what to do, and fails while something must be mended", async () => {
  expect(await run(["doctor"], { PORT: "0" })).toMatchObject({
    code: 0,
    output: expect.stringContaining("All is well."),
  });
  const sick = await run(["doctor"], { PORT: "0", MODEL: "nobody:x" });
  expect(sick).toMatchObject({ code: 1, output: expect.stringContaining("unknown provider") });
});
