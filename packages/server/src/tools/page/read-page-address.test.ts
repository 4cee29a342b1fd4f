import { expect, test } from "vitest";
import { readPageAddress } from "./read-page-address.ts";

test.each([
  ["https://example.com/a?b=c#d", "example.com", 443],
  ["http://example.com", "example.com", 80],
  ["http://example.com:443/", "example.com", 443],
  ["HTTPS://EXAMPLE.COM:443/", "example.com", 443],
  ["https://8.8.8.8/", "8.8.8.8", 443],
  ["https://[2606:4700::1]/", "2606:4700::1", 443],
  ["https://bücher.example/", "xn--bcher-kva.example", 443],
])("%s is read", (text, host, port) => {
  expect(readPageAddress(text)).toMatchObject({ ok: true, host, port });
});

test.each([
  ["ftp://example.com/", /Only http/],
  ["file:///etc/passwd", /Only http/],
  ["javascript:alert(1)", /Only http/],
  ["data:text/html,a", /Only http/],
  ["example.com", /not an address/],
  ["", /not an address/],
  ["http://", /not an address/],
  ["http://user@example.com/", /name or password/],
  ["http://user:secret@example.com/", /name or password/],
  ["http://@example.com/", /name or password/],
  ["http://example.com:22/", /ports/],
  ["http://example.com:8080/", /ports/],
  ["http://example.com:0/", /ports/],
  ["http://2130706433/", /odd way/],
  ["http://0x7f000001/", /odd way/],
  ["http://0x7f.1/", /odd way/],
  ["http://0177.0.0.1/", /odd way/],
  ["http://017700000001/", /odd way/],
  ["http://127.1/", /odd way/],
  ["http://127.0.0.1./", /odd way/],
  ["http://8.8.8.8./", /odd way/],
  ["http://134744072/", /odd way/],
  ["http://１２７.0.0.1/", /odd way/],
  ["http://127。0。0。1/", /odd way/],
  ["http://%31%32%37.0.0.1/", /odd way/],
  ["http:2130706433/", /odd way|not an address/],
  ["http:///2130706433/", /odd way|not an address/],
  ["http://[fe80::1%25eth0]/", /not an address/],
  ["http://exa\tmple.com/", /signs/],
  ["http://example.com\\@10.0.0.1/", /signs/],
  [" http://example.com/", /signs/],
  [`http://example.com/${"a".repeat(3000)}`, /too long/],
])("P12 %s is not", (text, says) => {
  const read = readPageAddress(text);
  expect(read.ok ? "read" : read.says).toMatch(says);
});

test("a redirect may be relative, and is held to the same", () => {
  const base = new URL("https://example.com/a/b");
  const to = (text: string): unknown => {
    const read = readPageAddress(text, undefined, base);
    return read.ok ? read.url.href : read.says;
  };
  expect(to("../c")).toBe("https://example.com/c");
  expect(to("//other.example/x")).toBe("https://other.example/x");
  expect(to("//0x7f.1/x")).toMatch(/odd way/);
  expect(to("http://example.com:25/")).toMatch(/ports/);
});
