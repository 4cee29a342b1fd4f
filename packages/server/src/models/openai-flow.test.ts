import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { asking, hear } from "../../../../tests/stand-ins/ask.ts";
import { manualClock } from "../../../../tests/stand-ins/manual-clock.ts";
import {
  saying,
  startProvider,
  type ProviderAnswer,
  type ProviderScript,
} from "../../../../tests/stand-ins/provider.ts";
import { until } from "../../../../tests/stand-ins/until.ts";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import { createOpenAiModel, type OpenAiModelOptions } from "./openai-model.ts";
import { createProviderDispatcher } from "./provider-dispatcher.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const start = async (script: ProviderScript, options: Partial<OpenAiModelOptions> = {}) => {
  const provider = await startProvider({ script });
  const dispatcher = createProviderDispatcher();
  open.push({ close: () => dispatcher.destroy() }, provider);
  const model = createOpenAiModel({
    id: "openai:m",
    baseUrl: provider.url,
    model: "m",
    dispatcher,
    ...options,
  });
  return { provider, model };
};

const silent: ProviderScript = () => {};
const headOnly: ProviderScript = (answer) => answer.head(200, { "content-type": "text/event-stream" });
const talking: ProviderScript = (answer) => answer.text("a");
const mumbling: ProviderScript = async (answer) => {
  answer.head(500, { "content-type": "text/plain" });
  await answer.bytes("well, ");
};

test.each([
  ["before the head of the answer", silent],
  ["before its body", headOnly],
  ["in its middle", talking],
  ["in the middle of a refusal", mumbling],
])("P9 an abort %s closes the upstream socket and throws the reason", async (_, script) => {
  const { provider, model } = await start(script);
  const stopping = new AbortController();
  const reason = new ColloquyError("cancelled");
  const heard = hear(model, asking("Hello?"), stopping.signal);
  await until(() => provider.requests.length === 1);
  await sleep(10);
  stopping.abort(reason);
  expect((await heard).error).toBe(reason);
  expect(await provider.requests[0]?.closed).toBe("aborted");
  expect(provider.openStreams).toBe(0);
});

test("P9 an abort while the reader is busy throws at its next step, whatever was buffered", async () => {
  const { provider, model } = await start(async (answer) => {
    for (let n = 0; n < 50; n += 1) await answer.text("a");
  });
  const stopping = new AbortController();
  const events = model.stream(asking("Hello?"), stopping.signal)[Symbol.asyncIterator]();
  await events.next();
  await sleep(10);
  stopping.abort(new ColloquyError("cancelled"));
  await expect(events.next()).rejects.toMatchObject({ code: "cancelled" });
  expect(await events.next()).toEqual({ value: undefined, done: true });
  expect(await provider.requests[0]?.closed).toBe("aborted");
});

test("P9 an abort before anything was asked asks nothing", async () => {
  const { provider, model } = await start(talking);
  const reason = new ColloquyError("turn_timeout");
  expect((await hear(model, asking("Hello?"), AbortSignal.abort(reason))).error).toBe(reason);
  expect(provider.requests).toHaveLength(0);
});

test("P9 an abort while connecting throws at once, and the prompt is never sent", async () => {
  const { provider, model } = await start(talking);
  const stopping = new AbortController();
  const reason = new ColloquyError("cancelled");
  const heard = hear(model, asking("Hello?"), stopping.signal);
  stopping.abort(reason);
  expect((await heard).error).toBe(reason);
  // Whoever asks next is answered, so the first was not.
  void hear(model);
  await until(() => provider.requests.length > 0);
  expect(provider.requests).toHaveLength(1);
});

test("P9 a reader that leaves early closes the upstream socket", async () => {
  const { provider, model } = await start(talking);
  for await (const event of model.stream(asking("Hello?"), new AbortController().signal)) {
    expect(event).toEqual({ type: "text", text: "a" });
    break;
  }
  expect(await provider.requests[0]?.closed).toBe("aborted");
});

test("an abort after the end changes nothing", async () => {
  const { provider, model } = await start(saying(["a"]));
  const stopping = new AbortController();
  const heard = await hear(model, asking("Hello?"), stopping.signal);
  stopping.abort();
  expect(heard.error).toBeUndefined();
  expect(await provider.requests[0]?.closed).toBe("answered");
});

test("a server that does not end its answer after [DONE] holds nobody up, and is cut in the end", async () => {
  const clock = manualClock();
  const { provider, model } = await start(
    async (answer) => {
      await answer.text("a");
      await answer.bytes("data: [DONE]\n\n");
    },
    { clock },
  );
  expect((await hear(model)).text).toBe("a");
  expect(provider.openStreams).toBe(1);
  clock.advance(60_000);
  expect(await provider.requests[0]?.closed).toBe("aborted");
  expect(clock.pending).toBe(0);
});

test("P5 a reader that does not read holds its provider back, and misses nothing", async () => {
  const pieces = 4_000;
  const piece = "x".repeat(8_000);
  let flooding: ProviderAnswer | undefined;
  const { model } = await start(async (answer, request) => {
    flooding = answer;
    await saying(Array.from({ length: pieces }, () => piece))(answer, request);
  });
  const events = model.stream(asking("Hello?"), new AbortController().signal)[Symbol.asyncIterator]();
  await events.next();
  // The kernel's buffers take some megabytes; then the provider's own begin to hold what nobody takes.
  let before = -1;
  for (let same = 0; same < 10;) {
    await sleep(10);
    const unsent = flooding?.unsent ?? 0;
    same = unsent === before ? same + 1 : 0;
    before = unsent;
  }
  expect(before).toBeGreaterThan(0);

  let length = piece.length;
  for (let next = await events.next(); !next.done; next = await events.next()) {
    if (next.value.type === "text") length += next.value.text.length;
  }
  expect(length).toBe(pieces * piece.length);
});

test("P4 10,000 tokens arrive in order and whole", async () => {
  const tokens = Array.from({ length: 10_000 }, (_, n) => `${n % 7 === 0 ? "π😀" : "tok"}${n} `);
  const { model } = await start(saying(tokens));
  const { text, events, error } = await hear(model);
  expect(error).toBeUndefined();
  expect(text).toBe(tokens.join(""));
  expect(events).toHaveLength(tokens.length + 2);
});

test("P4 characters that are cut by TCP segments arrive whole", async () => {
  const said = "Grüße, 世界 👩‍👩‍👧 π";
  const { model } = await start(async (answer) => {
    const bytes = Buffer.from(`data: ${JSON.stringify({ choices: [{ delta: { content: said } }] })}\n\n`);
    for (const byte of bytes) {
      await answer.bytes(Uint8Array.of(byte));
      // Once around the loop: each byte is a segment of its own.
      await new Promise((resolve) => setImmediate(resolve));
    }
    await answer.finish();
    await answer.done();
  });
  expect((await hear(model)).text).toBe(said);
});
