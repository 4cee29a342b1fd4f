import { APICallError, JSONParseError, LoadAPIKeyError, NoSuchModelError } from "@ai-sdk/provider";
import { expect, test } from "vitest";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import { aiSdkFault } from "./ai-sdk-fault.ts";

const key = "secret-4711";
const fault = (thrown: unknown, stage: "asking" | "streaming" = "asking") =>
  aiSdkFault(thrown, stage, [key], 0);

const refused = (statusCode: number | undefined, responseBody: string, responseHeaders = {}) =>
  new APICallError({
    message: "no",
    url: "https://api.example.com",
    requestBodyValues: {},
    responseBody,
    responseHeaders,
    ...(statusCode !== undefined && { statusCode }),
  });

test.each([
  [401, "{}", "provider_key_refused"],
  [429, "{}", "provider_busy"],
  [529, '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}', "provider_failed"],
  [400, '{"error":{"message":"The input token count (9) exceeds the maximum"}}', "context_too_long"],
  [404, "{}", "provider_refused"],
  [200, "", "provider_bad_stream"],
])("P12 a package's refusal with status %i and %s is %s", (status, body, code) => {
  expect(fault(refused(status, body)).code).toBe(code);
});

test("the provider's sentence and the wait it asks for are found, its key is not", () => {
  const body = `{"error":{"message":"Wait, ${key}"}}`;
  expect(fault(refused(429, body, { "retry-after": "7" }))).toMatchObject({
    detail: "HTTP 429: Wait, …",
    retryAfterMs: 7_000,
  });
});

const caused = (name: string, cause: unknown) => Object.assign(new Error("outer", { cause }), { name });
const coded = (code: string) => Object.assign(new Error("inner"), { code });

test.each([
  ["our own, however deep", caused("Error", caused("Error", new ColloquyError("too_long"))), "too_long"],
  ["a key that is not set", new LoadAPIKeyError({ message: "no key" }), "provider_key_refused"],
  [
    "an unknown model",
    new NoSuchModelError({ modelId: "m", modelType: "languageModel" }),
    "provider_refused",
  ],
  ["JSON that is none", new JSONParseError({ text: "{", cause: new Error("x") }), "provider_bad_stream"],
  ["a connection that was refused", caused("TypeError", coded("ECONNREFUSED")), "provider_unreachable"],
  ["a name that is unknown", refused(undefined, ""), "provider_failed"],
  ["a connection that broke", caused("TypeError", coded("ECONNRESET")), "provider_cut_off"],
  ["an object", { type: "rate_limit_error", message: "slow down" }, "provider_busy"],
  ["a text", "it broke", "provider_failed"],
  ["nothing", undefined, "provider_failed"],
  ["what is no JSON", { n: 1n }, "provider_failed"],
  ["whatever else", new TypeError("x is not a function"), "provider_failed"],
])("P12 %s has a code", (_, thrown, code) => {
  expect(fault(thrown).code).toBe(code);
});

test("P12 what breaks while it streams was cut off", () => {
  expect(fault(caused("TypeError", coded("UND_ERR_SOCKET")), "streaming").code).toBe("provider_cut_off");
  expect(fault(new TypeError("terminated"), "streaming").code).toBe("provider_cut_off");
});

test("errors that have themselves as a cause are looked at once", () => {
  const loop: Error & { cause?: unknown } = new Error("loop");
  loop.cause = loop;
  expect(fault(loop).code).toBe("provider_failed");
});
