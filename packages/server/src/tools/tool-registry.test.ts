import { expect, test } from "vitest";
import { defineTool } from "./define-tool.ts";
import { namePattern } from "./name-pattern.ts";
import { createToolRegistry } from "./tool-registry.ts";
import type { Tool } from "./tool.ts";

const tool = (name: string): Tool =>
  defineTool({ name, description: "d", parameters: { type: "object" }, run: () => name });
const source = (tools: Tool[]) => ({ tools: () => tools, close: async () => {} });
const names = (tools: readonly Tool[]) => tools.map(({ name }) => name);

test("a list names tools exactly or by pattern, in its order, each once", () => {
  const files = [tool("files__read"), tool("files__write")];
  const registry = createToolRegistry([tool("a"), tool("b"), tool("c_1"), tool("c_2")], {
    files: source(files),
  });
  const find = (...list: string[]) => names(registry.find(list)());
  expect(find("b", "a", "b")).toEqual(["b", "a"]);
  expect(find("c_*", "*")).toEqual(["c_1", "c_2", "a", "b", "files__read", "files__write"]);
  expect(find("files__*")).toEqual(["files__read", "files__write"]);
  expect(find("files__write")).toEqual(["files__write"]);
  expect(find("fi*te")).toEqual(["files__write"]);
  expect(find()).toEqual([]);
});

test("tools of a source come and go", () => {
  const files: Tool[] = [];
  const found = createToolRegistry([], { files: source(files) }).find(["files__read"]);
  expect(found()).toEqual([]);
  files.push(tool("files__read"), tool("files__write"));
  expect(names(found())).toEqual(["files__read"]);
  files.length = 0;
  expect(found()).toEqual([]);
});

test.each([["b"], ["b*"], ["file__*"], ["filesx__read"], ["x__*"], ["files_read"], ["constructor"], [""]])(
  "P12 that nothing can ever be called %j is said to the operator",
  (name) => {
    const registry = createToolRegistry([tool("a")], { files: source([]) });
    expect(() => registry.find(["a", name])).toThrow(/no tool is called ".*"; there are a, files__\*$/);
  },
);

test("P12 two tools of one name, or a name that a source could use, are said to the operator", () => {
  expect(() => createToolRegistry([tool("a"), tool("a")])).toThrow("there are two tools called a");
  expect(() => createToolRegistry([tool("files__read")], { files: source([]) })).toThrow(
    /MCP server files could use/,
  );
  expect(() => createToolRegistry([tool("other__read")], { files: source([]) })).not.toThrow();
});

test.each([
  ["a*b", "ab", true],
  ["a*b", "axxb", true],
  ["a*b", "a", false],
  ["ab*ba", "aba", false],
  ["*a*a", "aa", true],
  ["*a*a", "a", false],
  ["**", "", true],
  ["a.c", "abc", false],
  [`${"a*".repeat(50)}b`, "a".repeat(5_000), false],
])("the pattern %s and %s", (pattern, name, fits) => expect(namePattern(pattern)(name)).toBe(fits));
