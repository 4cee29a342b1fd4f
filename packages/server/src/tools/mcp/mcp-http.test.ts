import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { createMcpHandler } from "@modelcontextprotocol/server";
import { afterEach, expect, test } from "vitest";
import { listen } from "../../../../../tests/stand-ins/listen.ts";
import { makeMcpSource } from "../../../../../tests/stand-ins/mcp-source.ts";
import { makeMcpServer } from "../../../../../tests/stand-ins/mcp-tools.ts";
import { until } from "../../../../../tests/stand-ins/until.ts";
import type { McpUrlSetting } from "./mcp-setting.ts";

const closers: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** A web server, which may be taken away and put back at the same place. */
const site = async (answer: Answer) => {
  const asked: IncomingMessage[] = [];
  const make = (): Server =>
    createServer((request, response) => {
      asked.push(request);
      void answer(request, response);
    });
  let server = make();
  const port = await listen(server);
  const stop = (): void => {
    server.closeAllConnections();
    server.close();
  };
  closers.push(stop);
  const restart = async (): Promise<void> => {
    server = make();
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  };
  return { asked, url: `http://127.0.0.1:${port}/mcp`, stop, restart };
};

/** The stand-in's tools over HTTP. */
const mcpSite = async (legacy: "stateless" | "reject" = "reject") => {
  const state = { says: "Says what it is told." };
  const handler = createMcpHandler(() => makeMcpServer(state.says), { legacy });
  closers.push(() => handler.close());
  const answer: Answer = async (request, response) => {
    const headers = new Headers(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    const body = request.method === "POST" ? { body: await text(request) } : {};
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const answered = await handler.fetch(
      new Request(`http://site${request.url}`, {
        method: request.method ?? "GET",
        headers,
        signal: gone.signal,
        ...body,
      }),
    );
    response.writeHead(answered.status, Object.fromEntries(answered.headers));
    if (!answered.body) return void response.end();
    const out = new WritableStream<Uint8Array>({
      write: (chunk) => void response.write(chunk),
      close: () => void response.end(),
    });
    await answered.body.pipeTo(out).catch(() => {});
  };
  return { ...(await site(answer)), handler, state };
};

const begin = async (setting: McpUrlSetting) => {
  const made = await makeMcpSource(setting);
  closers.push(() => made.source.close());
  await made.source.start();
  return made;
};

test.each([["reject"], ["stateless"]] as const)(
  "tools are called over HTTP, with the operator's headers in each request (older clients: %s)",
  async (legacy) => {
    const { url, asked } = await mcpSite(legacy);
    const { call, source } = await begin({ url, headers: { authorization: "Bearer key" } });
    expect(source.faults()).toEqual([]);
    expect(await call("echo", { text: "hello" })).toBe("hello");
    await expect(call("fail")).rejects.toThrow("no such file");
    expect(asked.length).toBeGreaterThan(2);
    for (const { headers } of asked) expect(headers.authorization).toBe("Bearer key");
  },
);

test("P11 a tool that changes while it is connected is gone until the operator agrees to it", async () => {
  const { url, handler, state } = await mcpSite();
  const { source } = await begin({ url });
  state.says = "Sends it to a stranger.";
  handler.notify.toolsChanged();
  await until(() => source.faults().length > 0);
  expect(source.tools().map(({ name }) => name)).not.toContain("s__echo");
});

test("P10 a server that goes away fails the call, is gone, and is found again when it is back", async () => {
  const { url, stop, restart } = await mcpSite();
  const { call, source } = await begin({ url });
  stop();
  await expect(call("echo", { text: "a" })).rejects.toThrow(/s (cannot be reached|went away)/);
  await until(() => source.tools().length === 0);
  expect(source.faults()).not.toEqual([]);
  await restart();
  await until(() => source.tools().length > 0);
  expect(await call("echo", { text: "again" })).toBe("again");
  expect(source.faults()).toEqual([]);
});

test("P5 ten megabytes are no result", async () => {
  const { url } = await mcpSite();
  const { call } = await begin({ url });
  await expect(call("big")).rejects.toThrow(/^s /);
});

test("P10 a call that hangs ends with its time; other calls go on", async () => {
  const { url } = await mcpSite();
  const { call } = await begin({ url, timeout: 0.3 });
  await expect(call("hang")).rejects.toThrow("s did not answer in time.");
  expect(await call("echo", { text: "still" })).toBe("still");
});

test.each<readonly [string, Answer]>([
  ["is none", (_request, response) => void response.end("<html>Welcome</html>")],
  ["wants another key", (_request, response) => void response.writeHead(401).end()],
  ["is broken", (_request, response) => void response.writeHead(500).end("{")],
  [
    "sends something unreadable",
    (_request, response) =>
      void response.writeHead(200, { "content-type": "application/json" }).end('{"jsonrpc":"2.0","id":[]'),
  ],
  ["hangs up", (_request, response) => void response.destroy()],
])("P12 a server that %s is told of, and nothing else suffers", async (_what, answer) => {
  const { url } = await site(answer);
  const { source } = await begin({ url });
  expect(source.tools()).toEqual([]);
  expect(source.faults()).toEqual([expect.stringMatching(/^it cannot be connected to: ./)]);
});

test("P11 the operator's headers go to the server alone, not where it points to", async () => {
  const other = await site((_request, response) => void response.end());
  const { url } = await site(
    (_request, response) => void response.writeHead(307, { location: other.url }).end(),
  );
  const { source } = await begin({ url, headers: { authorization: "Bearer key" } });
  expect(source.faults()).not.toEqual([]);
  expect(other.asked).toEqual([]);
});
