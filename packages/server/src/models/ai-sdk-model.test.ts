import { expect, test } from "vitest";
import { asking, hear } from "../../../../tests/stand-ins/ask.ts";
import { manualClock } from "../../../../tests/stand-ins/manual-clock.ts";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import { createAiSdkModel } from "./ai-sdk-model.ts";
import { loadOnce } from "./ai-sdk-packages.ts";
import type { AiSdkLanguageModel } from "./ai-sdk-port.ts";

type Opened = ReadableStream<unknown> | Promise<ReadableStream<unknown>>;

const modelThat = (doStream: () => Opened, specificationVersion = "v4"): AiSdkLanguageModel => ({
  specificationVersion,
  provider: "own",
  modelId: "m",
  doStream: async () => ({ stream: await doStream() }),
});
const made = (doStream: () => Opened) => createAiSdkModel({ id: "own:m", model: modelThat(doStream) });

const streaming = (parts: readonly unknown[], more: UnderlyingDefaultSource<unknown> = {}) =>
  new ReadableStream<unknown>({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
    },
    ...more,
  });
const delta = { type: "text-delta", id: "1", delta: "a" };
const end = {
  type: "finish",
  usage: { inputTokens: { total: 1 }, outputTokens: { total: 1 } },
  finishReason: { unified: "stop", raw: "stop" },
};

test("P9 a model that does not look at the signal is left at once, whatever it is doing", async () => {
  const reason = new ColloquyError("cancelled");
  let cancelled: unknown;
  const silent = made(() => streaming([delta], { cancel: (why) => void (cancelled = why) }));
  const asleep = made(() => new Promise<never>(() => {}));
  for (const model of [silent, asleep]) {
    const stopping = new AbortController();
    const heard = hear(model, asking("Hello?"), stopping.signal);
    await new Promise((resolve) => setTimeout(resolve, 5));
    stopping.abort(reason);
    expect((await heard).error).toBe(reason);
  }
  expect(cancelled).toBe(reason);
});

test("P9 a stream that opens after everybody has left is closed", async () => {
  const opening = Promise.withResolvers<ReadableStream<unknown>>();
  const closed = Promise.withResolvers<unknown>();
  const stopping = new AbortController();
  const heard = hear(
    made(() => opening.promise),
    asking("Hello?"),
    stopping.signal,
  );
  await new Promise((resolve) => setTimeout(resolve, 5));
  stopping.abort(new ColloquyError("turn_timeout"));
  expect((await heard).error?.code).toBe("turn_timeout");
  opening.resolve(streaming([], { cancel: closed.resolve }));
  expect(await closed.promise).toMatchObject({ code: "turn_timeout" });
});

test("a stream that does not close after its end holds nobody up, and is closed in the end", async () => {
  const clock = manualClock();
  let cancelled = false;
  const stream = streaming([delta, end], { cancel: () => void (cancelled = true) });
  const model = createAiSdkModel({ id: "own:m", model: modelThat(() => stream), clock });
  expect(await hear(model)).toMatchObject({ text: "a", error: undefined });
  expect(cancelled).toBe(false);
  clock.advance(5_000);
  expect([cancelled, clock.pending]).toEqual([true, 0]);
});

test("P12 a package of another version is refused with what to do", async () => {
  const model = createAiSdkModel({ id: "own:m", model: modelThat(() => streaming([]), "v3") });
  expect((await hear(model)).error).toMatchObject({
    code: "provider_refused",
    detail: "the package of own:m speaks v3 and not v4: install its version for AI SDK 7",
  });
});

test("P12 a package that cannot be loaded is told with what to do, and tried again", async () => {
  let tries = 0;
  const load = loadOnce(
    {
      name: "@ai-sdk/mine",
      install: "@ai-sdk/mine@4",
      load: async () => {
        tries += 1;
        throw Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" });
      },
    },
    { fetch },
  );
  const model = createAiSdkModel({ id: "own:m", model: async () => (await load()).languageModel("m") });
  for (const n of [1, 2]) {
    expect((await hear(model)).error).toMatchObject({
      code: "provider_refused",
      detail: "the package @ai-sdk/mine could not be loaded: npm install @ai-sdk/mine@4",
    });
    expect(tries).toBe(n);
  }
});

test("P3 what breaks in the middle is provider_cut_off, after what was said", async () => {
  const parts = [delta];
  const model = made(
    () =>
      new ReadableStream<unknown>({
        pull(controller) {
          const part = parts.shift();
          if (part) controller.enqueue(part);
          else controller.error(new TypeError("terminated"));
        },
      }),
  );
  expect(await hear(model)).toMatchObject({ text: "a", error: { code: "provider_cut_off" } });
});

test("a call's own options go along", async () => {
  const asked: unknown[] = [];
  const model = createAiSdkModel({
    id: "own:m",
    model: {
      ...modelThat(() => streaming([end])),
      doStream: async (options: object) => {
        asked.push(options);
        return { stream: streaming([end]) };
      },
    },
    settings: { reasoning: "high", temperature: 0.2 },
  });
  await hear(model);
  expect(asked[0]).toMatchObject({
    reasoning: "high",
    temperature: 0.2,
    prompt: [{ role: "user", content: [{ type: "text", text: "Hello?" }] }],
  });
});
