import fc from "fast-check";
import { expect, test } from "vitest";
import { createPublicAddressRule } from "./public-address.ts";

const isPublic = createPublicAddressRule();

test.each([
  "8.8.8.8",
  "1.1.1.1",
  "9.255.255.255",
  "11.0.0.0",
  "100.63.255.255",
  "100.128.0.0",
  "126.255.255.255",
  "128.0.0.0",
  "169.253.255.255",
  "172.15.255.255",
  "172.32.0.0",
  "192.0.1.0",
  "192.167.255.255",
  "192.169.0.0",
  "198.17.255.255",
  "198.20.0.0",
  "223.255.255.255",
  "2606:4700:4700::1111",
  "2001:4860:4860::8888",
  "2a00:1450:4001:830::200e",
])("%s is a public host", (address) => expect(isPublic(address)).toBe(true));

test.each([
  ["this network", "0.0.0.0"],
  ["this network", "0.1.2.3"],
  ["private", "10.0.0.1"],
  ["private", "172.16.0.1"],
  ["private", "172.31.255.255"],
  ["private", "192.168.1.1"],
  ["shared by a carrier (CGNAT)", "100.64.0.1"],
  ["shared by a carrier, or a cloud's own", "100.100.100.200"],
  ["loopback", "127.0.0.1"],
  ["loopback", "127.255.255.254"],
  ["link-local, where clouds keep their secrets", "169.254.169.254"],
  ["a cloud's own", "168.63.129.16"],
  ["protocol assignments", "192.0.0.192"],
  ["documentation", "192.0.2.1"],
  ["documentation", "198.51.100.7"],
  ["documentation", "203.0.113.9"],
  ["6to4 relay", "192.88.99.1"],
  ["benchmarks", "198.18.0.1"],
  ["benchmarks", "198.19.255.255"],
  ["multicast", "224.0.0.1"],
  ["multicast", "239.255.255.250"],
  ["reserved", "240.0.0.1"],
  ["broadcast", "255.255.255.255"],
  ["unspecified", "::"],
  ["loopback", "::1"],
  ["mapped", "::ffff:127.0.0.1"],
  ["mapped, also of a public one", "::ffff:8.8.8.8"],
  ["mapped, in hex", "::ffff:7f00:1"],
  ["compatible", "::127.0.0.1"],
  ["translated (NAT64)", "64:ff9b::7f00:1"],
  ["translated (NAT64)", "64:ff9b::8.8.8.8"],
  ["translated, local prefix", "64:ff9b:1::a00:1"],
  ["6to4", "2002:7f00:1::1"],
  ["Teredo", "2001:0:4136:e378:8000:63bf:3fff:fdd2"],
  ["ORCHID", "2001:20::1"],
  ["documentation", "2001:db8::1"],
  ["documentation", "3fff::1"],
  ["discard", "100::1"],
  ["unique local", "fc00::1"],
  ["unique local, a cloud's own", "fd00:ec2::254"],
  ["link-local", "fe80::1"],
  ["link-local with a zone", "fe80::1%eth0"],
  ["public with a zone", "2606:4700:4700::1111%eth0"],
  ["site-local", "fec0::1"],
  ["multicast", "ff02::1"],
  ["segment routing", "5f00::1"],
  ["decimal", "2130706433"],
  ["octal", "0177.0.0.1"],
  ["hex", "0x7f.0.0.1"],
  ["short", "127.1"],
  ["with a dot behind", "8.8.8.8."],
  ["in brackets", "[::1]"],
  ["nothing", ""],
  ["a name", "localhost"],
])("%s: %s may not be dialled", (_what, address) => expect(isPublic(address)).toBe(false));

test("no IPv4 address becomes public by being written inside an IPv6 one", () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.constantFrom("::ffff:", "::", "64:ff9b::", "64:ff9b:1::"), (four, prefix) => {
      expect(isPublic(`${prefix}${four}`)).toBe(false);
    }),
    { verbose: true },
  );
});
