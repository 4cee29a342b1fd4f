import { afterEach, expect, test } from "vitest";
import { makeMcpSource, mcpProgram } from "../../../../../tests/stand-ins/mcp-source.ts";
import { until } from "../../../../../tests/stand-ins/until.ts";
import type { ToolSource } from "../tool.ts";

const open: ToolSource[] = [];
afterEach(async () => {
  for (const source of open.splice(0)) await source.close();
});

const begin = async (command: string, args: string[], timeout?: number) => {
  const made = await makeMcpSource({ command, args, timeout });
  open.push(made.source);
  await made.source.start();
  return made;
};
const node = (...args: string[]) => begin(process.execPath, [mcpProgram, ...args]);
const back = (source: ToolSource): Promise<void> => until(() => source.tools().length === 11);

test("P10 a server that crashes in a call fails the call, is gone, and is started again", async () => {
  const { source, call } = await node();
  await expect(call("crash")).rejects.toThrow("s went away during the call.");
  expect(source.tools()).toEqual([]);
  await back(source);
  expect(source.faults()).toEqual([]);
  expect(await call("echo", { text: "again" })).toBe("again");
});

test("P5 ten megabytes are no result; the server is started again", async () => {
  const { source, call } = await node();
  await expect(call("big")).rejects.toThrow("s went away during the call.");
  await back(source);
  expect(await call("echo", { text: "again" })).toBe("again");
});

test("what is no message is passed over", async () => {
  const { call } = await node();
  expect(await call("garbage")).toBe("after all");
});

test("P10 a call that hangs ends with its time, or when it is stopped; other calls go on", async () => {
  const { call, source } = await begin(process.execPath, [mcpProgram], 3);
  await expect(call("hang")).rejects.toThrow("s did not answer in time.");
  const stop = new AbortController();
  const hung = call("hang", {}, stop.signal);
  stop.abort(new Error("stopped"));
  await expect(hung).rejects.toThrow("stopped");
  expect(await call("echo", { text: "still" })).toBe("still");
  expect(source.faults()).toEqual([]);
});

test("a program that listens to nobody any more is ended with the server", async () => {
  const { call, source } = await begin(process.execPath, [mcpProgram], 3);
  const pid = Number(await call("dotted_name"));
  await expect(call("freeze")).rejects.toThrow("s did not answer in time.");
  await source.close();
  await source.close();
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
});

test.each([
  ["is not there", "/nowhere/mcp", [], /cannot be connected to: .*ENOENT/],
  ["ends at once", process.execPath, [mcpProgram, "broken"], /cannot be connected to/],
])("P12 a program that %s is told of, and tried again", async (_what, command, args, fault) => {
  const { source } = await begin(command, args);
  expect(source.tools()).toEqual([]);
  expect(source.faults()).toEqual([expect.stringMatching(fault)]);
});

test("P12 what a program said before it ended is what the operator reads", async () => {
  const { source } = await node("broken");
  expect(source.faults().join()).toMatch(/cannot find my configuration/);
});

test("a program that says nothing at all is not waited for by its end", async () => {
  const { source } = await makeMcpSource({ command: process.execPath, args: [mcpProgram, "mute"] });
  const started = source.start();
  expect(source.faults()).toEqual(["it is not connected yet"]);
  await source.close();
  await started;
  expect(source.tools()).toEqual([]);
});
