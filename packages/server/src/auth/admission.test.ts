import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  admit,
  isLoopbackAddress,
  isLoopbackHost,
  mayBeAnonymous,
  type AdmissionRules,
} from "./admission.ts";

const closed: AdmissionRules = { hosts: [], origins: [], anonymous: "loopback" };
const open: AdmissionRules = {
  hosts: ["chat.example.com", "alt.example.com:8443", "*.apps.example.com", "[fd00::1]"],
  origins: ["https://page.example.com", "capacitor://localhost"],
  anonymous: "never",
};

type Row = readonly [
  rules: AdmissionRules,
  host: string | undefined,
  origin: string | undefined,
  refused: string | undefined,
];

const rows: readonly Row[] = [
  // Programs send no Origin.
  [closed, "localhost:8080", undefined, undefined],
  [closed, "127.0.0.1:8080", undefined, undefined],
  [closed, "[::1]:8080", undefined, undefined],
  [closed, "LOCALHOST", undefined, undefined],
  [closed, "app.localhost:8080", undefined, undefined],
  // A name that anyone's DNS may point here.
  [closed, "evil.example:8080", undefined, "host_refused"],
  [closed, "evil.example:8080", "http://evil.example:8080", "host_refused"],
  [closed, "192.168.1.7:8080", undefined, "host_refused"],
  [closed, "localhost.evil.example", undefined, "host_refused"],
  [closed, "127.0.0.1.evil.example", undefined, "host_refused"],
  [closed, "evil.example@localhost", undefined, "host_refused"],
  [closed, "localhost, evil.example", undefined, "host_refused"],
  [closed, "localhost:99999999", undefined, "host_refused"],
  [closed, "", undefined, "host_refused"],
  [closed, undefined, undefined, "host_refused"],
  // Pages: the server's own, and no other.
  [closed, "localhost:8080", "http://localhost:8080", undefined],
  [closed, "[::1]:8080", "http://[::1]:8080", undefined],
  [closed, "localhost:80", "http://localhost", undefined],
  [closed, "localhost", "https://localhost", undefined],
  [closed, "localhost:443", "https://localhost", undefined],
  [closed, "localhost:8080", "http://localhost:5173", "origin_refused"],
  [closed, "localhost:8080", "http://localhost", "origin_refused"],
  [closed, "localhost:443", "http://localhost", "origin_refused"],
  [closed, "localhost:8080", "http://127.0.0.1:8080", "origin_refused"],
  [closed, "localhost:8080", "https://evil.example", "origin_refused"],
  [closed, "localhost:8080", "null", "origin_refused"],
  [closed, "localhost:8080", "", "origin_refused"],
  [closed, "localhost:8080", "http://localhost:8080/", "origin_refused"],
  [closed, "localhost:8080", "http://localhost:8080, https://evil.example", "origin_refused"],
  [closed, "localhost:8080", "ftp://localhost:8080", "origin_refused"],
  // What the operator has listed.
  [open, "chat.example.com", undefined, undefined],
  [open, "chat.example.com.", undefined, undefined],
  [open, "chat.example.com:8443", "https://chat.example.com:8443", undefined],
  [open, "alt.example.com:8443", undefined, undefined],
  [open, "alt.example.com", undefined, "host_refused"],
  [open, "alt.example.com:1", undefined, "host_refused"],
  [open, "a.apps.example.com", undefined, undefined],
  [open, "apps.example.com", undefined, "host_refused"],
  [open, "evilapps.example.com", undefined, "host_refused"],
  [open, "[fd00::1]:80", undefined, undefined],
  [open, "chat.example.com", "https://page.example.com", undefined],
  [open, "chat.example.com", "HTTPS://PAGE.example.com", undefined],
  [open, "chat.example.com", "http://page.example.com", "origin_refused"],
  [open, "chat.example.com", "https://page.example.com.evil.example", "origin_refused"],
  [open, "chat.example.com", "capacitor://localhost", undefined],
  [open, "evil.example", "https://page.example.com", "host_refused"],
  [{ ...closed, hosts: ["*"] }, "anything.example", undefined, undefined],
  [{ ...closed, hosts: ["*"] }, "anything.example", "https://evil.example", "origin_refused"],
];

test.each(rows)("P11 admission %#: host %j, origin %j", (rules, host, origin, refused) => {
  expect(admit(rules, { headers: { host, origin }, remoteAddress: "127.0.0.1" })).toBe(refused);
});

test("P12 admission never throws, and admits no origin but its own and the listed", () => {
  fc.assert(
    fc.property(fc.string(), fc.oneof(fc.string(), fc.webUrl()), (host, origin) => {
      expect([undefined, "host_refused"]).toContain(
        admit(closed, { headers: { host }, remoteAddress: undefined }),
      );
      const refused = admit(closed, { headers: { host: "localhost:8080", origin }, remoteAddress: "::1" });
      expect(refused === undefined).toBe(origin === "http://localhost:8080");
    }),
  );
});

type Anonymous = readonly [
  rule: AdmissionRules["anonymous"],
  address: string | undefined,
  headers: Readonly<Record<string, string>>,
  may: boolean,
];

const anonymous: readonly Anonymous[] = [
  ["loopback", "127.0.0.1", {}, true],
  ["loopback", "127.8.9.1", {}, true],
  ["loopback", "::1", {}, true],
  ["loopback", "::ffff:127.0.0.1", {}, true],
  ["loopback", "10.0.0.1", {}, false],
  ["loopback", "::ffff:10.0.0.1", {}, false],
  ["loopback", undefined, {}, false],
  ["loopback", "127.0.0.1", { forwarded: "for=127.0.0.1" }, false],
  ["loopback", "127.0.0.1", { "x-forwarded-for": "127.0.0.1" }, false],
  ["loopback", "127.0.0.1", { "x-forwarded-proto": "https" }, false],
  ["loopback", "127.0.0.1", { "x-real-ip": "127.0.0.1" }, false],
  ["loopback", "127.0.0.1", { via: "1.1 proxy" }, false],
  ["never", "127.0.0.1", {}, false],
  ["always", "10.0.0.1", { "x-forwarded-for": "10.0.0.2" }, true],
  ["always", undefined, {}, true],
];

test.each(anonymous)("P11 anonymous %s from %s with %j: %j", (rule, remoteAddress, headers, may) => {
  expect(mayBeAnonymous({ ...closed, anonymous: rule }, { headers, remoteAddress })).toBe(may);
});

test("P11 only this machine is loopback", () => {
  for (const name of ["localhost", "127.0.0.1", "::1", "[::1]", "a.localhost"])
    expect(isLoopbackHost(name)).toBe(true);
  for (const name of ["0.0.0.0", "::", "", "example.com", "127.evil.example"])
    expect(isLoopbackHost(name)).toBe(false);
  expect(isLoopbackAddress("localhost")).toBe(false);
});
