import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:tls";
import { gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { listen } from "../../../../../tests/stand-ins/listen.ts";
import { manualClock } from "../../../../../tests/stand-ins/manual-clock.ts";
import { testContext } from "../../../../../tests/stand-ins/tool-context.ts";
import { createFetchPage } from "./fetch-page.ts";
import type { DialRules } from "./get-page.ts";
import { createPublicAddressRule } from "./public-address.ts";

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
const isPublic = createPublicAddressRule();

/** A site on this machine that one test's rule lets be dialled, at 127.0.0.1 alone; its name is known to nobody else. */
const site = async (answer: Answer, hosts: Record<string, readonly string[]> = {}) => {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  const port = await listen(server);
  closers.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  const resolved: string[] = [];
  const rules: DialRules = {
    async resolve(host) {
      resolved.push(host);
      return { "pages.test": ["127.0.0.1"], ...hosts }[host] ?? [];
    },
    mayDial: (address) => address === "127.0.0.1" || isPublic(address),
    mayUse: (used) => used === port || used === 80 || used === 443,
  };
  const clock = manualClock();
  const tool = createFetchPage({ clock, rules });
  const read = (path: string, signal?: AbortSignal) =>
    tool.run({ url: path.startsWith("/") ? `http://pages.test:${port}${path}` : path }, testContext(signal));
  return { read, asked, resolved, clock, port };
};

const html =
  (body: string): Answer =>
  (_request, response) => {
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.setHeader("set-cookie", "id=1");
    response.end(body);
  };

test("a page is read as text, by its name at the checked address, with neither cookies nor credentials", async () => {
  const { read, asked, resolved, port } = await site(
    html("<title>Hi</title><p>Some <a href=/x>words</a>\u0007\u{e0041}"),
  );
  expect(await read("/a?b=c#d")).toBe(
    `Title: Hi\nAddress: http://pages.test:${port}/a?b=c#d\n\nSome [words](http://pages.test:${port}/x)`,
  );
  expect(asked[0]).toMatchObject({ url: "/a?b=c", method: "GET", headers: { host: `pages.test:${port}` } });
  expect(asked[0]?.headers).not.toHaveProperty("authorization");
  await read("/again");
  expect(asked[1]?.headers).not.toHaveProperty("cookie");
  expect(resolved).toEqual(["pages.test", "pages.test"]);
});

test.each([
  [
    "one address that is private beside a public one",
    "http://two.test/",
    /two\.test is not on the public internet/,
  ],
  ["a mapped address", "http://mapped.test/", /not on the public internet/],
  ["a host that has no address", "http://none.test/", /There is no host none\.test/],
  ["an IP address of this machine", "http://127.0.0.2/", /not on the public internet/],
  ["an IPv6 address of this machine", "http://[::1]/", /not on the public internet/],
  ["an odd IP address", "http://0x7f.1/", /odd way/],
  ["another port", "http://pages.test:22/", /ports/],
])("P11 %s is not dialled", async (_what, url, says) => {
  const hosts = { "two.test": ["8.8.8.8", "10.0.0.1"], "mapped.test": ["::ffff:127.0.0.1"] };
  const { read, asked } = await site(html(""), hosts);
  await expect(read(url)).rejects.toThrow(says);
  expect(asked).toEqual([]);
});

test.each([
  ["http://127.0.0.2/", /not on the public internet/],
  ["http://169.254.169.254/latest/meta-data", /not on the public internet/],
  ["http://inner.test/", /not on the public internet/],
  ["//0x7f.1/", /sends on to .* odd way/],
  ["http://u:p@pages.test/", /sends on to .* name or password/],
  ["file:///etc/passwd", /sends on to .* http/],
  ["/loop", /more than 5 times/],
])("P11 a redirect to %s is held to the same rules", async (location, says) => {
  const answer: Answer = (_request, response) => void response.writeHead(302, { location }).end();
  const { read, asked } = await site(answer, { "inner.test": ["192.168.0.1"] });
  await expect(read("/")).rejects.toThrow(says);
  expect(asked).toHaveLength(location === "/loop" ? 6 : 1);
});

test("P11 a host is resolved again for each redirect, and what it says then is what counts", async () => {
  const answers = [["127.0.0.1"], ["10.0.0.1"]];
  const { clock, port, asked } = await site(
    (_request, response) => void response.writeHead(302, { location: "/b" }).end(),
  );
  const tool = createFetchPage({
    clock,
    rules: {
      resolve: async () => answers.shift() ?? [],
      mayDial: (address) => address === "127.0.0.1",
      mayUse: () => true,
    },
  });
  const url = `http://twice.test:${port}/`;
  await expect(tool.run({ url }, testContext())).rejects.toThrow(/not on the public internet/);
  expect(asked).toHaveLength(1);
});

test("P5 a small body that decodes to a huge one counts as the huge one", async () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, "a"));
  const { read } = await site((_request, response) => {
    response.writeHead(200, { "content-type": "text/plain", "content-encoding": "gzip" }).end(bomb);
  });
  const text = await read("/");
  expect(text).toMatch(/this is its beginning/);
  expect(text.length).toBeLessThan(1024 * 1024 + 200);
});

test("P5 a body without end is cut", async () => {
  const { read } = await site((_request, response) => {
    response.writeHead(200, { "content-type": "text/plain" });
    const more = (): void => {
      while (!response.destroyed && response.write("a".repeat(65_536)));
      if (!response.destroyed) response.once("drain", more);
    };
    more();
  });
  expect((await read("/")).length).toBeLessThan(1024 * 1024 + 200);
});

test.each([
  ["headers", (): void => {}],
  [
    "a body",
    (response: ServerResponse) => void response.writeHead(200, { "content-type": "text/plain" }).write("a"),
  ],
])("P5 ten seconds are all that waiting for %s takes; a stop is at once", async (_what, begin) => {
  const { read, clock, asked } = await site((_request, response) => begin(response));
  const slow = read("/");
  await expect.poll(() => asked.length).toBe(1);
  clock.advance(10_000);
  await expect(slow).rejects.toThrow("The page took longer than 10 seconds.");
  const stop = new AbortController();
  const stopped = read("/", stop.signal);
  await expect.poll(() => asked.length).toBe(2);
  stop.abort(new Error("stopped"));
  await expect(stopped).rejects.toThrow("stopped");
  expect(clock.pending).toBe(0);
});

test.each([
  ["a picture", 200, { "content-type": "image/png" }, /no text to read, but image\/png/],
  ["no type", 200, {}, /no known type/],
  ["an error", 404, { "content-type": "text/html" }, /status 404/],
  ["an unknown encoding", 200, { "content-type": "text/plain", "content-encoding": "rot13" }, /rot13/],
  [
    "broken gzip",
    200,
    { "content-type": "text/plain", "content-encoding": "gzip" },
    /could not be read \(Z_/,
  ],
])("P12 %s is said in a sentence", async (_what, status, headers, says) => {
  const { read } = await site((_request, response) => void response.writeHead(status, headers).end("words"));
  await expect(read("/")).rejects.toThrow(says);
});

test("characters are read as the page or its header says", async () => {
  const { read } = await site((request, response) => {
    const type = request.url === "/header" ? "text/plain; charset=iso-8859-1" : "text/html";
    response.setHeader("content-type", type);
    response.end(
      Buffer.from(request.url === "/header" ? "gr\u00fcn" : '<meta charset="latin1">gr\u00fcn', "latin1"),
    );
  });
  expect(await read("/header")).toMatch(/grün$/);
  expect(await read("/meta")).toMatch(/grün$/);
});

test("over TLS the name is the page's, whatever address is dialled, and the certificate must be good", async () => {
  const names: string[] = [];
  const server = createTlsServer({
    SNICallback(name, done) {
      names.push(name);
      done(new Error("no certificate"));
    },
  });
  server.on("tlsClientError", () => {});
  const port = await listen(server);
  closers.push(async () => void server.close());
  const rules: DialRules = { resolve: async () => ["127.0.0.1"], mayDial: () => true, mayUse: () => true };
  const tool = createFetchPage({ clock: manualClock(), rules });
  await expect(tool.run({ url: `https://pages.test:${port}/` }, testContext())).rejects.toThrow(
    /could not be read/,
  );
  expect(names).toEqual(["pages.test"]);
});
