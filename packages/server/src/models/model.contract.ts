import { afterEach, describe, expect, test } from "vitest";
import { asking, hear } from "../../../../tests/stand-ins/ask.ts";
import { calling, delta, piece, weather } from "../../../../tests/stand-ins/calling.ts";
import {
  saying,
  startProvider,
  type Provider,
  type ProviderScript,
} from "../../../../tests/stand-ins/provider.ts";
import { modelFaultsContract } from "./model-faults.contract.ts";
import type { Model, ModelMessage } from "./model.ts";

const tools = [weather];

/** What every model must do, tried with a provider of our own that speaks Chat Completions. */
export const modelContract = (name: string, create: (baseUrl: string) => Model): void => {
  describe(`${name} as a model`, () => {
    const open: Provider[] = [];
    const start = async (script: ProviderScript) => {
      const provider = await startProvider({ script });
      open.push(provider);
      return { provider, model: create(provider.url) };
    };
    afterEach(async () => {
      for (const one of open.splice(0)) await one.close();
    });

    test("order: text as it was said, then usage, then the end, once", async () => {
      const { model } = await start(saying(["Hel", "lo ", "😀"]));
      const { events, error } = await hear(model);
      expect(error).toBeUndefined();
      expect(events).toEqual([
        { type: "text", text: "Hel" },
        { type: "text", text: "lo " },
        { type: "text", text: "😀" },
        { type: "usage", usage: { inputTokens: 7, outputTokens: 3 } },
        { type: "finish", reason: "stop" },
      ]);
    });

    test.each([
      ["length", "length"],
      ["content_filter", "filtered"],
    ])("an end because of %s is %s", async (reason, meant) => {
      const { model } = await start(async (answer) => {
        await answer.text("a");
        await answer.finish(reason);
        await answer.done();
      });
      expect((await hear(model)).events.at(-1)).toEqual({ type: "finish", reason: meant });
    });

    test("calls come whole, however they were cut, and the end says so", async () => {
      const { provider, model } = await start(
        calling(piece(0, "", "a"), piece(0, '{"ci'), piece(1, "{}", "b"), piece(0, 'ty":"Oslo"}')),
      );
      const { events } = await hear(model, asking("Hot?", { tools }));
      expect(events.filter(({ type }) => type === "tool-call")).toEqual([
        { type: "tool-call", name: "weather", arguments: '{"city":"Oslo"}' },
        { type: "tool-call", name: "weather", arguments: "{}" },
      ]);
      expect(events.at(-1)).toEqual({ type: "finish", reason: "tool-calls" });
      expect(provider.requests[0]?.body).toMatchObject({
        tools: [{ type: "function", function: { name: "weather", parameters: weather.parameters } }],
      });
    });

    test("malformed arguments and unknown tools are handed on: they are the turn's affair", async () => {
      const unknown = { tool_calls: [{ index: 0, id: "a", function: { name: "fly", arguments: "{to:" } }] };
      const { model } = await start(calling(unknown));
      const { events } = await hear(model, asking("Fly!", { tools }));
      expect(events).toContainEqual({ type: "tool-call", name: "fly", arguments: "{to:" });
    });

    test("P12 a call without an end is provider_no_end, and is not made", async () => {
      const { model } = await start(async (answer) => {
        await delta(answer, piece(0, '{"ci', "a"));
        answer.end();
      });
      const { events, error } = await hear(model, asking("Hot?", { tools }));
      expect({ code: error?.code, called: events.some(({ type }) => type === "tool-call") }).toEqual({
        code: "provider_no_end",
        called: false,
      });
    });

    test("P5 10 MB of arguments are given up, and their connection is closed", async () => {
      const { provider, model } = await start(async (answer) => {
        await delta(answer, piece(0, "", "a"));
        for (let n = 0; n < 160; n += 1) await delta(answer, piece(0, "x".repeat(64 * 1024)));
      });
      const { events, error } = await hear(model, asking("Hot?", { tools }));
      expect({ events, code: error?.code }).toEqual({ events: [], code: "too_long" });
      expect(await provider.requests[0]?.closed).toBe("aborted");
    });

    test("P10 calls and results are given back, each result after its call", async () => {
      const messages: readonly ModelMessage[] = [
        { role: "user", text: "Hot in Oslo?" },
        {
          role: "assistant",
          text: "Let me see.",
          calls: [
            { callId: "call_1_1", name: "weather", arguments: '{"city":"Oslo"}' },
            { callId: "call_1_2", name: "weather", arguments: "{" },
          ],
        },
        { role: "tool", callId: "call_1_1", name: "weather", text: "-3 °C" },
        { role: "tool", callId: "call_1_2", name: "weather", text: "That is no JSON.", failed: true },
      ];
      const { provider, model } = await start(saying(["No."]));
      expect((await hear(model, asking("", { messages, tools, instructions: "Be brief." }))).text).toBe(
        "No.",
      );
      expect(provider.requests[0]?.body).toMatchObject({
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: "Hot in Oslo?" },
          { role: "assistant", content: "Let me see.", tool_calls: [{ id: "call_1_1" }, { id: "call_1_2" }] },
          { role: "tool", tool_call_id: "call_1_1", content: "-3 °C" },
          { role: "tool", tool_call_id: "call_1_2" },
        ],
      });
      // The same history, asked by somebody who has no tools: no call may be in it.
      await hear(
        model,
        asking("", {
          messages: [...messages, { role: "assistant", text: "No." }, { role: "user", text: "Sure?" }],
        }),
      );
      expect(JSON.stringify(provider.requests[1]?.body)).not.toMatch(/tool/);
    });

    test("an image goes along", async () => {
      const { provider, model } = await start(saying(["A cat."]));
      const files = [{ name: "cat.png", type: "image/png", data: "iVBORw0KGgo=" }];
      await hear(model, asking("", { messages: [{ role: "user", text: "What is it?", files }] }));
      const body = JSON.stringify(provider.requests[0]?.body);
      expect(body).toContain("data:image/png;base64,iVBORw0KGgo=");
      expect(body).toContain("What is it?");
    });
  });
  modelFaultsContract(name, create);
};
