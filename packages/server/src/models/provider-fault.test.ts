import { expect, test } from "vitest";
import { brokenFault, notAStreamFault, refusalFault, streamFault } from "./provider-fault.ts";

const key = "my4711secret";
const refused = (status: number, body: unknown, retryAfterMs?: number) =>
  refusalFault(
    {
      status,
      contentType: "application/json",
      body: typeof body === "string" ? body : JSON.stringify(body),
      retryAfterMs,
    },
    [key],
  );

test.each([
  [401, {}, "provider_key_refused"],
  [403, {}, "provider_key_refused"],
  [429, {}, "provider_busy"],
  [429, { error: { message: "You exceeded your quota", code: "insufficient_quota" } }, "provider_refused"],
  [404, { error: { message: "no such model" } }, "provider_refused"],
  [400, { error: { message: "too many tokens", code: "context_length_exceeded" } }, "context_too_long"],
  [400, { error: { message: "no", code: "content_filter" } }, "provider_filtered"],
  [408, {}, "provider_failed"],
  [500, "<html>oops</html>", "provider_failed"],
  [503, {}, "provider_failed"],
  [529, {}, "provider_failed"],
  [301, "", "provider_not_a_stream"],
] as const)("P12 a refusal with status %i and %o is %s", (status, body, code) => {
  expect(refused(status, body).code).toBe(code);
});

test.each([
  "prompt is too long: 210000 tokens > 200000 maximum",
  "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
  "This model's maximum prompt length is 131072 but the request contains 200000 tokens.",
  "Input is too long for requested model.",
  "This model's maximum context length is 8192 tokens.",
  "the request exceeds the available context size, try increasing it",
])("P12 a refusal that has only a sentence for it is context_too_long: %s", (message) => {
  expect(refused(400, { error: { message, type: "invalid_request_error" } }).code).toBe("context_too_long");
});

test("P12 a bad key that is told as a bad request is provider_key_refused, and is not quoted", () => {
  const google = { error: { code: 400, message: `API key not valid: ${key}.`, status: "INVALID_ARGUMENT" } };
  expect(refused(400, google)).toMatchObject({ code: "provider_key_refused", detail: "HTTP 400" });
});

test("the wait that stands in the body is handed on", () => {
  const body = { error: { code: 429, details: [{ "@type": "RetryInfo", retryDelay: "12.5s" }] } };
  expect(refused(429, body)).toMatchObject({ code: "provider_busy", retryAfterMs: 12_500 });
});

test.each([
  [{ error: { message: "Unknown model" } }, "HTTP 404: Unknown model"],
  [{ error: "model not found" }, "HTTP 404: model not found"],
  [{ message: "nope", object: "error" }, "HTTP 404: nope"],
  [{ detail: "Not Found" }, "HTTP 404: Not Found"],
  [{ detail: [{ msg: "field required" }] }, "HTTP 404"],
  ["plain words", "HTTP 404"],
  [{ error: { message: "two\n  lines" } }, "HTTP 404: two lines"],
])("the provider's sentence is found in %o", (body, detail) => {
  expect(refused(404, body).detail).toBe(detail);
});

test("the wait that a provider asks for is handed on", () => {
  expect(refused(429, {}, 1_500).retryAfterMs).toBe(1_500);
  expect(refused(429, {}).retryAfterMs).toBeUndefined();
});

test("P11.8 no detail and no cause holds the key, or what looks like one", () => {
  const says = `Bad thing with ${key}, Bearer abc.def.ghi, org-ABCDEF123 and sk-12345678`;
  for (const error of [
    refused(400, { error: { message: says } }),
    refused(401, { error: { message: says } }),
    streamFault({ error: { message: says } }, [key]),
    notAStreamFault(
      { status: 200, contentType: "text/html", body: `<title>${says}</title>`, retryAfterMs: undefined },
      [key],
    ),
  ]) {
    const shown = `${error.message} ${error.detail} ${String(error.cause)}`;
    for (const secret of ["4711", "abc.def", "ABCDEF", "12345678"]) expect(shown).not.toContain(secret);
  }
  expect(refused(401, { error: { message: "Incorrect API key provided: sk-****abcd" } }).detail).toBe(
    "HTTP 401",
  );
});

test("a detail is short and well-formed, whatever the provider sends", () => {
  const detail = refused(400, { error: { message: `${"x".repeat(290)}${"😀".repeat(100)}` } }).detail ?? "";
  expect(detail.length).toBeLessThan(330);
  expect(detail.isWellFormed()).toBe(true);
});

test.each([
  [{ error: { message: "busy", code: 429 } }, "provider_busy"],
  [{ error: { message: "busy", type: "rate_limit_error" } }, "provider_busy"],
  [{ error: { message: "over", type: "overloaded_error" } }, "provider_busy"],
  [{ error: { message: "bad gateway", code: 502 } }, "provider_failed"],
  [{ error: { message: "wrong", type: "invalid_request_error" } }, "provider_refused"],
  [{ error: { message: "key", code: "invalid_api_key" } }, "provider_key_refused"],
  [{ error: "it broke" }, "provider_failed"],
  [{ object: "error", message: "it broke", code: 400 }, "provider_refused"],
  ["it broke", "provider_failed"],
] as const)("P12 the error %o in a stream is %s", (error, code) => {
  expect(streamFault(error, []).code).toBe(code);
});

test("what was sent instead of a stream is told, so that a wrong base URL is noticed", () => {
  const page = {
    status: 200,
    contentType: "text/html",
    body: "<html><title> Welcome to nginx! </title>",
    retryAfterMs: undefined,
  };
  expect(notAStreamFault(page, []).detail).toBe(
    "it sent text/html (Welcome to nginx!); is the base URL right?",
  );
  const json = { ...page, contentType: "application/json", body: '{"error":"Unexpected endpoint"}' };
  expect(notAStreamFault(json, []).detail).toContain("(Unexpected endpoint)");
  expect(notAStreamFault({ ...page, contentType: "", body: "" }, []).code).toBe("provider_not_a_stream");
});

test("a broken connection tells its code, and what speaks no HTTP is a bad stream", () => {
  const error = (code: string) => Object.assign(new Error("secret address"), { code });
  expect(brokenFault("provider_unreachable", error("ECONNREFUSED"))).toMatchObject({
    code: "provider_unreachable",
    detail: "ECONNREFUSED",
  });
  expect(brokenFault("provider_cut_off", error("UND_ERR_SOCKET")).code).toBe("provider_cut_off");
  const unspoken = Object.assign(error("HPE_INVALID_CONSTANT"), { name: "HTTPParserError" });
  expect(brokenFault("provider_cut_off", unspoken).code).toBe("provider_bad_stream");
});
