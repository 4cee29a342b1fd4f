import { expect, test } from "vitest";
import { manualClock } from "../../../../tests/stand-ins/manual-clock.ts";
import { createCurrentTime } from "./current-time.ts";
import { testContext } from "../../../../tests/stand-ins/tool-context.ts";

const at = (iso: string) => createCurrentTime(manualClock(Date.parse(iso)));

test.each([
  ["2026-11-05T13:03:22Z", "Europe/Berlin", "2026-11-05T14:03:22+01:00, Thursday (Europe/Berlin)"],
  ["2026-07-05T13:03:22Z", "Europe/Berlin", "2026-07-05T15:03:22+02:00, Sunday (Europe/Berlin)"],
  ["2026-11-05T00:00:00Z", "UTC", "2026-11-05T00:00:00+00:00, Thursday (UTC)"],
  ["2026-11-05T23:59:59Z", "Asia/Kathmandu", "2026-11-06T05:44:59+05:45, Friday (Asia/Kathmandu)"],
  ["2026-12-31T23:30:00Z", "America/St_Johns", "2026-12-31T20:00:00-03:30, Thursday (America/St_Johns)"],
])("%s in %s", async (now, zone, said) => {
  expect(await at(now).run({ time_zone: zone }, testContext())).toBe(said);
});

test("without a zone it is the server's own", async () => {
  expect(await at("2026-11-05T13:03:22Z").run({}, testContext())).toMatch(/^2026-11-0\dT.*day \(.+\)$/);
});

test("P12 a zone that does not exist is said", async () => {
  await expect(at("2026-11-05T13:03:22Z").run({ time_zone: "Mars/Base" }, testContext())).rejects.toThrow(
    'There is no time zone "Mars/Base"',
  );
});
