import { expect, test } from "vitest";
import { defineTool } from "./define-tool.ts";
import { toolsShape } from "./tools-setting.ts";

const own = defineTool({ name: "t", description: "d", parameters: { type: "object" }, run: () => "" });

test("the block is taken as it is", () => {
  const block = {
    own: [own],
    mcp: {
      files: {
        command: "npx",
        args: ["-y", "server"],
        env: { PATH: "/bin" },
        approval: "always",
        tools: ["read_*"],
      },
      "my-docs_2": {
        url: "https://docs.example/mcp",
        headers: { authorization: "Bearer x" },
        trust: "listed",
      },
    },
    weather: { placesUrl: "http://localhost:1" },
  };
  expect(toolsShape.parse(block)).toEqual(block);
  expect(toolsShape.parse({})).toEqual({});
});

test.each([
  ["neither command nor url", { mcp: { a: {} } }, "mcp.a.command", /not what a server needs/],
  ["both", { mcp: { a: { command: "c", url: "http://b" } } }, "mcp.a.url", /one too many/],
  ["headers for a command", { mcp: { a: { command: "c", headers: {} } } }, "mcp.a.headers", /with a url/],
  ["an environment for a url", { mcp: { a: { url: "http://b", env: {} } } }, "mcp.a.env", /with a command/],
  ["no address", { mcp: { a: { url: "ftp://b" } } }, "mcp.a.url", /http/],
  ["a password in it", { mcp: { a: { url: "http://u:p@b" } } }, "mcp.a.url", /without a user name/],
  [
    "an environment without its value",
    { mcp: { a: { command: "c", env: { K: undefined } } } },
    "mcp.a.env.K",
    /not text/,
  ],
  ["a name with two lines", { mcp: { a__b: { command: "c" } } }, "mcp.a__b", /./],
  ["an unknown word", { mcp: { a: { command: "c", trust: "all" } } }, "mcp.a.trust", /none of first, listed/],
  ["an unknown part", { mcp: { a: { command: "c", shell: true } } }, "mcp.a", /is no MCP server/],
  ["no tool", { own: [{ name: "x" }] }, "own.0", /made by defineTool/],
])("P12 %s is a fault of its part, and shows no other", (_what, block, path, message) => {
  const issues = toolsShape.safeParse(block).error?.issues.map((issue) => ({
    path: issue.path.join("."),
    message: issue.message,
  }));
  expect(issues).toEqual([{ path, message: expect.stringMatching(message) }]);
});
