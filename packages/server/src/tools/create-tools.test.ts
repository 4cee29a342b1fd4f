import { afterEach, expect, test } from "vitest";
import { mcpProgram, newFolder } from "../../../../tests/stand-ins/mcp-source.ts";
import { testContext } from "../../../../tests/stand-ins/tool-context.ts";
import { createTools, type Tools } from "./create-tools.ts";
import { clientTool, defineTool } from "./define-tool.ts";
import type { ToolsSetting } from "./tools-setting.ts";

const open: Tools[] = [];
afterEach(async () => {
  for (const tools of open.splice(0)) await tools.close();
});
const make = async (setting?: ToolsSetting): Promise<Tools> => {
  const tools = createTools({ dataDir: await newFolder(), ...(setting && { setting }) });
  open.push(tools);
  return tools;
};
const empty = { description: "d", parameters: { type: "object" } };

test("with nothing configured four tools are there that need no key, and no start", async () => {
  const tools = await make();
  const found = tools.find(["*"])();
  expect(found.map(({ name }) => name)).toEqual(["current_time", "calculator", "weather", "fetch_page"]);
  expect(found.every(({ approval, runs }) => !approval && runs === "server")).toBe(true);
  const calculator = found.find(({ name }) => name === "calculator");
  expect(await calculator?.run({ expression: "6 * 7" }, testContext())).toBe("6 * 7 = 42");
  await tools.start();
  expect(tools.faults()).toEqual([]);
});

test("an embedder's tools and those of MCP servers stand beside them, by their names", async () => {
  const own = [
    defineTool({ ...empty, name: "own", run: () => "" }),
    clientTool({ ...empty, name: "theirs" }),
  ];
  const command = { command: process.execPath, args: [mcpProgram] };
  const tools = await make({ own, mcp: { one: command, two: { command: "/nowhere/at/all" } } });
  const found = tools.find(["own", "theirs", "one__e*", "two__*", "calculator"]);
  const names = () => found().map(({ name }) => name);
  expect(names()).toEqual(["own", "theirs", "calculator"]);
  await tools.start();
  expect(names()).toEqual(["own", "theirs", "one__echo", "one__env", "calculator"]);
  expect(tools.faults()).toEqual([expect.stringMatching(/^MCP server two: it cannot be connected to/)]);
  await tools.close();
  await tools.close();
  expect(names()).toEqual(["own", "theirs", "calculator"]);
});

test("P12 a name that is taken, or that nothing has, is said to the operator", async () => {
  const weather = defineTool({ ...empty, name: "weather", run: () => "" });
  await expect(make({ own: [weather] })).rejects.toThrow("there are two tools called weather");
  const tools = await make();
  expect(() => tools.find(["wether"])).toThrow(/no tool is called "wether"; there are current_time/);
});
