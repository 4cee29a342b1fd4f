import { createServer, type Socket } from "node:net";
import { Agent } from "undici";
import { afterEach, expect, test } from "vitest";
import { hear, type Heard } from "../../../../tests/stand-ins/ask.ts";
import { listen } from "../../../../tests/stand-ins/listen.ts";
import { refusing, startProvider, type ProviderScript } from "../../../../tests/stand-ins/provider.ts";
import { createOpenAiModel } from "./openai-model.ts";
import { createProviderDispatcher } from "./provider-dispatcher.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const key = "sk-very-secret-4711";
const at = (baseUrl: string) => {
  const dispatcher = createProviderDispatcher();
  open.push({ close: () => dispatcher.destroy() });
  return createOpenAiModel({ id: "openai:m", baseUrl, model: "m", apiKey: key, dispatcher });
};

const answered = async (script: ProviderScript): Promise<Heard & { readonly openStreams: number }> => {
  const provider = await startProvider({ script });
  open.push(provider);
  const heard = await hear(at(provider.url));
  await provider.requests[0]?.closed;
  return { ...heard, openStreams: provider.openStreams };
};

/** Text first, then what is to go wrong. */
const afterText =
  (wrong: ProviderScript): ProviderScript =>
  async (answer, request) => {
    await answer.text("So far");
    await wrong(answer, request);
  };

test.each<[string, ProviderScript, string]>([
  ["JSON that is none", (answer) => answer.bytes("data: {oops}\n\n"), "provider_bad_stream"],
  ["a socket that is cut", (answer) => answer.cut(), "provider_cut_off"],
  [
    "a connection that is reset",
    (answer, { closed }) => (setTimeout(() => answer.cut("reset"), 20), void closed),
    "provider_cut_off",
  ],
  ["an end that is none", (answer) => answer.end(), "provider_no_end"],
  [
    "an error in the stream",
    (answer) => answer.event({ error: { message: "no", code: 500 } }),
    "provider_failed",
  ],
  [
    "a rate limit in the stream",
    (answer) => answer.event({ error: { message: "no", code: 429 } }),
    "provider_busy",
  ],
  ["an endless line", (answer) => answer.bytes(`data: ${"x".repeat(1_300_000)}`), "provider_bad_stream"],
])("P3 %s after some text fails with a code of its own and keeps the text", async (_, wrong, code) => {
  const { text, error, openStreams } = await answered(afterText(wrong));
  expect({ text, code: error?.code, openStreams }).toEqual({ text: "So far", code, openStreams: 0 });
});

test.each<[string, ProviderScript, string]>([
  ["a web page", refusing(200, "<!doctype html><title>Hi</title>"), "provider_not_a_stream"],
  ["plain JSON", refusing(200, { choices: [{ message: { content: "hi" } }] }), "provider_not_a_stream"],
  [
    "an error as JSON with status 200",
    refusing(200, { error: "Unexpected endpoint" }),
    "provider_not_a_stream",
  ],
  [
    "a web page that says it is a stream",
    refusing(200, "<html>", { "content-type": "text/event-stream" }),
    "provider_not_a_stream",
  ],
  [
    "a compressed body",
    refusing(200, "\u001F\u008B", { "content-type": "text/event-stream", "content-encoding": "gzip" }),
    "provider_not_a_stream",
  ],
  ["nothing at all", refusing(200, "", { "content-type": "text/event-stream" }), "provider_no_end"],
  ["no content", refusing(204, ""), "provider_not_a_stream"],
  ["a redirect", refusing(301, "", { location: "https://elsewhere/" }), "provider_not_a_stream"],
  [
    "a refused key",
    refusing(401, { error: { message: `Incorrect API key: ${key}` } }),
    "provider_key_refused",
  ],
  ["a forbidden model", refusing(403, {}), "provider_key_refused"],
  [
    "an unknown model",
    refusing(404, { error: { message: "The model `m` does not exist" } }),
    "provider_refused",
  ],
  [
    "a filtered prompt",
    refusing(400, { error: { message: "no", code: "content_filter" } }),
    "provider_filtered",
  ],
  ["a rate limit", refusing(429, {}), "provider_busy"],
  ["a failure", refusing(500, "<html>Internal Server Error</html>"), "provider_failed"],
  ["an overload", refusing(503, {}), "provider_failed"],
  ["a cut before the answer", (answer) => answer.cut(), "provider_cut_off"],
  ["a cut before the body", (answer) => (answer.head(200), answer.cut()), "provider_cut_off"],
])("P12 %s instead of a stream has a code of its own", async (_, script, code) => {
  const { events, error, openStreams } = await answered(script);
  expect({ events, code: error?.code, openStreams }).toEqual({ events: [], code, openStreams: 0 });
  expect(`${error?.detail} ${String(error?.cause)}`).not.toContain("4711");
});

test("a stream whose content type is wrong is read all the same", async () => {
  const { text, error } = await answered(async (answer, request) => {
    answer.head(200, { "content-type": "application/json" });
    await answer.text("fine");
    await answer.done();
    await request.closed;
  });
  expect({ text, error }).toEqual({ text: "fine", error: undefined });
});

test("the detail is the provider's own sentence", async () => {
  const { error } = await answered(refusing(404, { error: { message: "The model `m` does not exist" } }));
  expect(error?.detail).toBe("HTTP 404: The model `m` does not exist");
});

test("a provider that asks to wait is understood", async () => {
  const { error } = await answered(refusing(429, {}, { "retry-after": "7" }));
  expect(error?.retryAfterMs).toBe(7_000);
});

test("P5 of an endless refusal only the beginning is read", async () => {
  const { error, openStreams } = await answered(async (answer) => {
    answer.head(500, { "content-type": "text/plain" });
    for (;;) await answer.bytes("no ".repeat(4_096));
  });
  expect({ code: error?.code, openStreams }).toEqual({ code: "provider_failed", openStreams: 0 });
  expect(String(error?.cause).length).toBeLessThan(17_000);
});

test("an answer that breaks off after its finish_reason is whole", async () => {
  const { text, error, events } = await answered(async (answer) => {
    await answer.text("all of it");
    await answer.finish("stop", { prompt_tokens: 1, completion_tokens: 2 });
    answer.cut();
  });
  expect({ text, error }).toEqual({ text: "all of it", error: undefined });
  expect(events.at(-1)).toEqual({ type: "finish", reason: "stop" });
});

/** A port that is answered by raw bytes, or by nobody. */
const startRaw = async (onSocket: ((socket: Socket) => void) | undefined): Promise<number> => {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => onSocket?.(socket));
  });
  const port = await listen(server);
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  if (onSocket) open.push({ close });
  else await close();
  return port;
};

test("P12 what cannot be reached is provider_unreachable", async () => {
  const nobody = await startRaw(undefined);
  const noTls = await startRaw((socket) => socket.end("I speak no TLS\r\n"));
  for (const url of [`http://127.0.0.1:${nobody}/v1`, `https://127.0.0.1:${noTls}/v1`]) {
    const { error } = await hear(at(url));
    expect(error?.code).toBe("provider_unreachable");
    expect(error?.detail).toMatch(/^[A-Z_0-9]+$/);
  }
});

test("P12 a name that does not resolve is provider_unreachable", async () => {
  const dispatcher = new Agent({
    connect: {
      lookup: (_name, _options, found) =>
        found(Object.assign(new Error("no such name"), { code: "ENOTFOUND" }), ""),
    },
  });
  open.push({ close: () => dispatcher.destroy() });
  const model = createOpenAiModel({
    id: "openai:m",
    baseUrl: "http://nobody.invalid/v1",
    model: "m",
    dispatcher,
  });
  expect((await hear(model)).error).toMatchObject({ code: "provider_unreachable", detail: "ENOTFOUND" });
});

test("P12 what speaks no HTTP is provider_bad_stream", async () => {
  const port = await startRaw((socket) => socket.end("-ERR unknown command\r\n"));
  const { error } = await hear(at(`http://127.0.0.1:${port}/v1`));
  expect(error?.code).toBe("provider_bad_stream");
});
