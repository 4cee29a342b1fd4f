import { expect, test } from "vitest";
import { retryAfterMs } from "./retry-after.ts";

const now = Date.parse("2026-11-20T12:00:00Z");
const asked = (headers: Record<string, string>): number | undefined =>
  retryAfterMs((name) => headers[name], now);

test.each([
  [{ "retry-after": "2" }, 2_000],
  [{ "retry-after": " 0.5 " }, 500],
  [{ "retry-after": "Fri, 20 Nov 2026 12:00:07 GMT" }, 7_000],
  [{ "retry-after": "Fri, 20 Nov 2026 11:00:00 GMT" }, 0],
  [{ "retry-after-ms": "150", "retry-after": "1" }, 150],
  [{ "retry-after-ms": "soon", "retry-after": "1" }, 1_000],
  [{ "retry-after": "soon" }, undefined],
  [{ "retry-after": "" }, undefined],
  [{}, undefined],
])("%o asks to wait %s ms", (headers, ms) => {
  expect(asked(headers)).toBe(ms);
});
