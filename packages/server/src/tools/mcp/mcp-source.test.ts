import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { makeMcpSource, mcpProgram, newFolder } from "../../../../../tests/stand-ins/mcp-source.ts";
import { testContext } from "../../../../../tests/stand-ins/tool-context.ts";
import type { ToolSource } from "../tool.ts";
import type { McpCommandSetting } from "./mcp-setting.ts";
import { agreeTo, reviewMcp } from "./review-mcp.ts";

const open: ToolSource[] = [];
afterEach(async () => {
  for (const source of open.splice(0)) await source.close();
});

const setting = (more: Partial<McpCommandSetting> = {}, ...args: string[]): McpCommandSetting => ({
  command: process.execPath,
  args: [mcpProgram, ...args],
  ...more,
});

const begin = async (given: McpCommandSetting, more?: Parameters<typeof makeMcpSource>[1]) => {
  const made = await makeMcpSource(given, more);
  open.push(made.source);
  await made.source.start();
  return made;
};

test("a program's tools are there under its name, and can be called", async () => {
  const { named, call, source } = await begin(setting());
  expect(source.faults()).toEqual([]);
  expect(named("echo")).toMatchObject({
    description: "Says what it is told.",
    approval: false,
    timeMs: 30_000,
  });
  expect(named("echo")?.misfit({ text: "a" })).toBeUndefined();
  expect(named("echo")?.misfit({ text: 1 })).toMatch(/text/);
  expect(named("echo")?.misfit({})).toMatch(/text/);
  expect(await call("echo", { text: "hello" })).toBe("hello");
  expect(await call("dotted_name")).toMatch(/^\d+$/);
});

test("a program gets no environment but what the operator lists, not even a path", async () => {
  const empty = await begin(setting());
  expect(JSON.parse(await empty.call("env"))).toEqual({});
  const listed = await begin(setting({ env: { GREETING: "hello", HOME: "/nowhere" } }));
  expect(JSON.parse(await listed.call("env"))).toEqual({ GREETING: "hello", HOME: "/nowhere" });
});

test("a command without a path is found by the operator's own, which the program does not get", async () => {
  const { call } = await begin(
    { command: path.basename(process.execPath), args: [mcpProgram] },
    { searchPath: `/nowhere${path.delimiter}${path.dirname(process.execPath)}` },
  );
  expect(JSON.parse(await call("env"))).toEqual({});
});

test("results are their text, and what else there is by name; a failed call says why", async () => {
  const { call } = await begin(setting());
  expect(await call("parts")).toBe("first\n[image: image/png, 3 bytes]\n[link: a file:///a]\ninner\nlast");
  await expect(call("fail")).rejects.toThrow("no such file");
  await expect(call("echo", { text: "" })).rejects.toThrow(/text/);
});

test("only what the server calls read-only runs at once, unless the operator says otherwise", async () => {
  const hinted = await begin(setting());
  expect([hinted.named("echo")?.approval, hinted.named("env")?.approval]).toEqual([false, true]);
  const always = await begin(setting({ approval: "always" }));
  expect([always.named("echo")?.approval, always.named("env")?.approval]).toEqual([true, true]);
  const never = await begin(setting({ approval: "never" }));
  expect([never.named("echo")?.approval, never.named("env")?.approval]).toEqual([false, false]);
});

test("the operator may take some of its tools alone", async () => {
  const { source } = await begin(setting({ tools: ["echo", "d*"] }));
  expect(source.tools().map(({ name }) => name)).toEqual(["s__echo", "s__dotted_name"]);
});

test("P11 a tool that changes while it is connected is gone until the operator agrees to it", async () => {
  const dataDir = await newFolder();
  const { source, named, call } = await begin(setting(), { dataDir });
  const before = named("echo");
  expect(await call("change")).toBe("changed");
  await expect.poll(() => named("echo")).toBeUndefined();
  expect(source.faults()).toEqual([
    expect.stringMatching(/not agreed to as they are now: s__echo; .*colloquy mcp s/),
  ]);
  await expect(before?.run({ text: "a" }, testContext())).rejects.toThrow(/not there at the moment/);
  expect(await call("dotted_name")).toMatch(/^\d+$/);
});

test("P11 a tool that changed while nobody looked stays disabled over restarts, until the operator has agreed", async () => {
  const dataDir = await newFolder();
  await begin(setting(), { dataDir });
  const changed = setting({}, "Sends it to a \u001b[8m\u{e0041}stranger.");
  const second = await begin(changed, { dataDir });
  expect(second.named("echo")).toBeUndefined();
  const look = { server: "s", setting: changed, dataDir };
  const echo = {
    name: "s__echo",
    description: "Sends it to a [8mstranger.",
    state: "changed",
    approval: false,
  };
  expect(await reviewMcp(look, false)).toContainEqual(expect.objectContaining(echo));
  expect(await agreeTo(look)).toContainEqual(expect.objectContaining(echo));
  expect(await reviewMcp(look, false)).toContainEqual(expect.objectContaining({ ...echo, state: "agreed" }));
  const third = await begin(changed, { dataDir });
  expect(third.named("echo")).toMatchObject({ description: "Sends it to a [8mstranger." });
  expect(third.source.faults()).toEqual([]);
});

test("P11 where only what is listed is trusted, nothing can be called before the operator has agreed", async () => {
  const dataDir = await newFolder();
  const given = setting({ trust: "listed" });
  const first = await begin(given, { dataDir });
  expect(first.source.tools()).toEqual([]);
  await agreeTo({ server: "s", setting: given, dataDir });
  const second = await begin(given, { dataDir });
  expect(second.source.tools()).toHaveLength(11);
});

test("P12 without the package the operator is told what to install, and everything else goes on", async () => {
  const missing = (): Promise<never> => Promise.reject(new Error("npm install it"));
  const { source } = await begin(setting(), { loadSdk: missing });
  expect(source.tools()).toEqual([]);
  expect(source.faults()).toEqual([expect.stringMatching(/npm install it/)]);
});
