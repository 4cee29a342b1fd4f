import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { asking, hear } from "../../../../tests/stand-ins/ask.ts";
import { delta, piece, weather } from "../../../../tests/stand-ins/calling.ts";
import {
  refusing,
  saying,
  startProvider,
  type Provider,
  type ProviderAnswer,
  type ProviderScript,
} from "../../../../tests/stand-ins/provider.ts";
import { until } from "../../../../tests/stand-ins/until.ts";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import type { Model } from "./model.ts";

const tools = [weather];

/** What every model must do when something goes wrong, or is to end. */
export const modelFaultsContract = (name: string, create: (baseUrl: string) => Model): void => {
  describe(`${name} in trouble`, () => {
    const open: Provider[] = [];
    const start = async (script: ProviderScript) => {
      const provider = await startProvider({ script });
      open.push(provider);
      return { provider, model: create(provider.url) };
    };
    afterEach(async () => {
      for (const one of open.splice(0)) await one.close();
    });

    test.each<[string, ProviderScript, string]>([
      ["a refused key", refusing(401, { error: { message: "no" } }), "provider_key_refused"],
      ["a rate limit", refusing(429, { error: { message: "no" } }), "provider_busy"],
      ["a failure", refusing(500, "<html>"), "provider_failed"],
      ["an unknown model", refusing(404, { error: { message: "no such model" } }), "provider_refused"],
      [
        "a prompt that is too long",
        refusing(400, { error: { message: "no", type: "x", code: "context_length_exceeded" } }),
        "context_too_long",
      ],
      ["a redirect", refusing(307, "", { location: "http://127.0.0.1:1/" }), "provider_not_a_stream"],
      ["a web page", refusing(200, "<!doctype html><title>Hi</title>"), "provider_not_a_stream"],
      ["a cut before the answer", (answer) => answer.cut(), "provider_cut_off"],
      [
        "a stream of nothing",
        (answer) => (answer.head(200, { "content-type": "text/event-stream" }), answer.end()),
        "provider_no_end",
      ],
    ])("P12 %s has a code of its own", async (_, script, code) => {
      const { provider, model } = await start(script);
      const { events, error } = await hear(model);
      expect({ events, code: error?.code }).toEqual({ events: [], code });
      await until(() => provider.openStreams === 0);
    });

    test.each<[string, ProviderScript, string]>([
      ["JSON that is none", (answer) => answer.bytes("data: {oops}\n\n"), "provider_bad_stream"],
      ["a socket that is cut", (answer) => answer.cut(), "provider_cut_off"],
      ["an end that is none", (answer) => answer.end(), "provider_no_end"],
      [
        "an error in the stream",
        (answer) => answer.event({ error: { message: "no", type: "server_error" } }),
        "provider_failed",
      ],
      ["an endless event", (answer) => answer.bytes(`data: ${"x".repeat(6_000_000)}`), "provider_bad_stream"],
    ])("P3 %s after some text keeps the text", async (_, wrong, code) => {
      const { provider, model } = await start(async (answer, request) => {
        await answer.text("So far");
        await wrong(answer, request);
      });
      const { text, error } = await hear(model);
      expect({ text, code: error?.code }).toEqual({ text: "So far", code });
      await until(() => provider.openStreams === 0);
    });

    test("P3 what came before a cut is told, all of it, to a slow reader too", async () => {
      const { model } = await start(async (answer) => {
        const chunk = (content: string): string =>
          `data: ${JSON.stringify({ id: "c", created: 1, model: "m", choices: [{ index: 0, delta: { content } }] })}\n\n`;
        for (let n = 0; n < 10; n += 1) {
          await answer.bytes(Array.from({ length: 20 }, () => chunk("a")).join(""));
          await sleep(1);
        }
        answer.cut();
      });
      let told = 0;
      const listening = async (): Promise<void> => {
        for await (const event of model.stream(asking("Hello?"), new AbortController().signal)) {
          if (event.type === "text") told += 1;
          if (told % 20 === 1) await sleep(5);
        }
      };
      await expect(listening()).rejects.toMatchObject({ code: "provider_cut_off" });
      expect(told).toBe(200);
    });

    test("a provider that asks to wait is understood", async () => {
      const { model } = await start(refusing(429, { error: { message: "no" } }, { "retry-after": "7" }));
      expect((await hear(model)).error?.retryAfterMs).toBe(7_000);
    });

    test("P12 what cannot be reached is provider_unreachable", async () => {
      const { provider, model } = await start(() => {});
      await provider.close();
      expect((await hear(model)).error).toMatchObject({
        code: "provider_unreachable",
        detail: "ECONNREFUSED",
      });
    });

    test.each<[string, ProviderScript]>([
      ["before the head of the answer", () => {}],
      ["before its body", (answer) => answer.head(200, { "content-type": "text/event-stream" })],
      ["in its middle", (answer) => answer.text("a")],
      ["in the middle of a call", (answer) => delta(answer, piece(0, '{"ci', "a"))],
      ["in the middle of a refusal", (answer) => (answer.head(500), answer.bytes("well, "))],
    ])("P9 an abort %s closes the upstream socket and throws the reason", async (_, script) => {
      const { provider, model } = await start(script);
      const stopping = new AbortController();
      const reason = new ColloquyError("cancelled");
      const heard = hear(model, asking("Hello?", { tools }), stopping.signal);
      await until(() => provider.requests.length === 1);
      await sleep(10);
      stopping.abort(reason);
      expect((await heard).error).toBe(reason);
      expect(await provider.requests[0]?.closed).toBe("aborted");
    });

    test("P9 an abort before anything was asked asks nothing", async () => {
      const { provider, model } = await start(saying(["a"]));
      const reason = new ColloquyError("turn_timeout");
      expect((await hear(model, asking("Hello?"), AbortSignal.abort(reason))).error).toBe(reason);
      expect(provider.requests).toHaveLength(0);
    });

    test("P9 a reader that leaves early closes the upstream socket", async () => {
      const { provider, model } = await start((answer) => answer.text("a"));
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

    test("lazy: nothing is asked before the iteration begins, and each asks anew", async () => {
      const { provider, model } = await start(saying(["a"]));
      const events = model.stream(asking("Hello?"), new AbortController().signal);
      await sleep(5);
      expect(provider.requests).toHaveLength(0);
      for (const n of [1, 2]) {
        for await (const event of events) expect(event).toBeDefined();
        expect(provider.requests).toHaveLength(n);
      }
    });

    test("P5 a reader that does not read holds its provider back, and misses nothing", async () => {
      const pieces = 2_000;
      const text = "x".repeat(8_000);
      let flooding: ProviderAnswer | undefined;
      const { model } = await start(async (answer, request) => {
        flooding = answer;
        await saying(Array.from({ length: pieces }, () => text))(answer, request);
      });
      const events = model.stream(asking("Hello?"), new AbortController().signal)[Symbol.asyncIterator]();
      await events.next();
      let before = -1;
      for (let same = 0; same < 10;) {
        await sleep(10);
        const unsent = flooding?.unsent ?? 0;
        same = unsent === before ? same + 1 : 0;
        before = unsent;
      }
      expect(before).toBeGreaterThan(0);
      let length = text.length;
      for (let next = await events.next(); !next.done; next = await events.next())
        if (next.value.type === "text") length += next.value.text.length;
      expect(length).toBe(pieces * text.length);
    });
  });
};
