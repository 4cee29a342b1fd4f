import { expect, test } from "vitest";
import { rendered } from "./rendered.ts";
import { safeUrl } from "./safe-url.ts";

test.each([
  ["https://example.org/a?b=c#d", "https://example.org/a?b=c#d"],
  ["HTTP://example.org", "http://example.org/"],
  ["mailto:ada@example.org", "mailto:ada@example.org"],
  [" https://example.org ", "https://example.org/"],
])("%j is an address that a link may have", (address, url) => {
  expect(safeUrl(address)).toBe(url);
});

test.each([
  "",
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  "\u0001javascript:alert(1)",
  "java\nscript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "vbscript:x",
  "file:///etc/passwd",
  "//example.org",
  "/path",
  "#/c/other",
  "http:",
  "https://",
  "blob:https://example.org/x",
])("%j is not", (address) => {
  expect(safeUrl(address)).toBeUndefined();
});

test.each([
  ["<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"],
  ["<img src=x onerror=alert(1)>", "<p>&lt;img src=x onerror=alert(1)&gt;</p>"],
  ["a<br>b<BR/>c", "<p>a<br/>\nb<br/>\nc</p>"],
  ["`a<br>b`", "<p><code>a&lt;br&gt;b</code></p>"],
  ["<div>\n**bold**\n</div>", "<p>&lt;div&gt;\n<strong>bold</strong>\n&lt;/div&gt;</p>"],
  ["about ~5 or ~6", "<p>about ~5 or ~6</p>"],
  ["a note[^1]", "<p>a note[^1]</p>"],
])("HTML is words: %j", (source, html) => {
  expect(rendered(source)).toBe(html);
});
