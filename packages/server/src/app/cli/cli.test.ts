import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, expect, test } from "vitest";
import { createJwtAuthenticator } from "../../auth/jwt-authenticator.ts";
import { systemClock } from "../../kernel/clock.ts";
import { runCli } from "./cli.ts";
import type { ExitCode, Terminal } from "./terminal.ts";

const folder = mkdtempSync(path.join(tmpdir(), "colloquy-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));
const secret = "0123456789abcdef0123456789abcdef";

interface Said {
  readonly code: ExitCode;
  readonly output: string;
  readonly errors: string;
}

const run = async (
  args: readonly string[],
  env: Record<string, string> = {},
  onStop: Terminal["onStop"] = () => () => {},
): Promise<Said> => {
  const output = new PassThrough();
  const errors = new PassThrough();
  const code = await runCli(args, {
    env,
    cwd: folder,
    input: new PassThrough(),
    output,
    errors,
    isPerson: false,
    onStop,
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
  expect(await run(["start"])).toMatchObject({ errors: expect.stringContaining("did you mean serve?") });
  expect(await run(["--port", "1"])).toMatchObject({
    errors: expect.stringContaining("colloquy serve --port"),
  });
});

test("P12 what was wrong with the options of a command stood above the help of all of them", async () => {
  const { code, errors } = await run(["serve", "--prot", "1"]);
  expect(code).toBe(2);
  expect(errors).toMatch(/^Unknown option '--prot'; did you mean --port\?\n/);
  expect(errors).toContain("--config FILE");
  expect(errors).not.toContain("colloquy chat");
});

test("help fits 80 columns, and is had of one command", async () => {
  const { output } = await run(["help"]);
  expect(output.split("\n").filter((line) => line.length > 80)).toEqual([]);
  for (const args of [
    ["help", "token"],
    ["token", "--help"],
    ["token", "-h"],
  ]) {
    const said = await run(args);
    expect([said.code, said.output.includes("--room"), said.output.includes("chat ")]).toEqual([
      0,
      true,
      false,
    ]);
  }
});

test.each(["chat", "watch"])("P12 %s with an address that is none ended with a stack", async (name) => {
  expect(await run([name, "--url", "nonsense"])).toMatchObject({
    code: 2,
    errors: '"nonsense" is no address of a server. Write --url ws://localhost:8080/ws.\n',
  });
});

test("skills with a wrong --reply-to were told to mend their ports", async () => {
  expect((await run(["skills", "--reply-to", "x"])).errors).toContain("--reply-to 5000");
});

test("P12 a configuration that is no program, as JSON or YAML, was told of file extensions", async () => {
  writeFileSync(path.join(folder, "conf.yaml"), "port: 1");
  expect((await run(["serve", "--config", "conf.yaml"])).errors).toContain("such as colloquy.config.ts");
});

test("Ctrl-C while the server starts ended nothing where no terminal does it, as in a container", async () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), "colloquy-cli-"));
  const said = await run(["serve", "--port", "0", "--data-dir", dataDir], { TEAM: "0" }, (stop) => {
    stop();
    return () => {};
  });
  expect(said).toMatchObject({ code: 1, output: "", errors: "Stopped before it served anybody.\n" });
  // It still comes up, and goes down by itself.
  await expect.poll(() => existsSync(path.join(dataDir, "live.journal"))).toBe(true);
  await rm(dataDir, { recursive: true, maxRetries: 50, retryDelay: 100 });
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

test("P12 doctor found all well where serve refused a tool's name; both tell all of them, and what was meant", async () => {
  writeFileSync(
    path.join(folder, "tools.ts"),
    'export default { assistants: { a: { tools: ["current_tme", "calculator"] }, b: { tools: ["x__*"] } } };\n',
  );
  const args = ["--config", "tools.ts"];
  const env = { PORT: "0", ROOM_TOOLS: "nope,cal*" };
  const refused = await run(["serve", ...args], env);
  const looked = await run(["doctor", ...args], env);
  expect([refused.code, looked.code]).toEqual([2, 1]);
  for (const said of [refused.errors, looked.output]) {
    expect(said).toContain('assistants.a.tools in tools.ts: no tool is called "current_tme".');
    expect(said).toContain("Write current_time, if that was meant, or any of *, current_time, calculator");
    expect(said).toContain('assistants.b.tools in tools.ts: no tool is called "x__*".');
    expect(said).toContain('ROOM_TOOLS: no tool is called "nope".');
  }
  expect(refused.errors).toContain("3 things");
});

test("P12 tools of one name, and tools that are at fault themselves, are told once", async () => {
  const tool = '{ name: "calculator", run() {}, misfit() {} }';
  writeFileSync(path.join(folder, "twice.ts"), `export default { tools: { own: [${tool}] } };\n`);
  const twice = await run(["serve", "--config", "twice.ts"]);
  expect(twice).toMatchObject({
    code: 2,
    errors: expect.stringContaining("tools in twice.ts: there are two"),
  });
  writeFileSync(
    path.join(folder, "own.ts"),
    'export default { tools: { own: [1] }, assistants: { a: { tools: ["mine"] } } };\n',
  );
  expect((await run(["serve", "--config", "own.ts"])).errors).not.toContain("no tool is called");
});

test("doctor says what to do, and fails while something must be mended", async () => {
  expect(await run(["doctor"], { PORT: "0" })).toMatchObject({
    code: 0,
    output: expect.stringContaining("All is well."),
  });
  const sick = await run(["doctor"], { PORT: "0", MODEL: "nobody:x" });
  expect(sick).toMatchObject({ code: 1, output: expect.stringContaining("unknown provider") });
});
