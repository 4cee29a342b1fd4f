import fc from "fast-check";
import { expect, test } from "vitest";
import { systemClock } from "../../../kernel/clock.ts";
import { createTimeSkill } from "./time-skill.ts";
import { asUtc, daysBetween, daysLater, monthsLater, wallTimeAt, whenClocksShow } from "./wall-time.ts";

const at = (iso: string) =>
  createTimeSkill({ zone: "Europe/Berlin", clock: { ...systemClock, now: () => Date.parse(iso) } });
const answer = (text: string, iso = "2026-03-02T22:30:00Z"): unknown =>
  at(iso).respond({ text }, AbortSignal.any([]));

test.each([
  ["what time is it", "It is 23:30 on Monday, 2 March 2026, where this server is (Europe/Berlin, UTC+1)."],
  ["what time is it in Tokyo", "It is 07:30 in Tokyo (Tuesday, 3 March 2026, UTC+9)."],
  ["time in Makati", "It is 06:30 in Makati (Tuesday, 3 March 2026, UTC+8)."],
  ["what time is it in UTC+5:30", "It is 04:00 in UTC+5:30 (Tuesday, 3 March 2026, UTC+5:30)."],
  ["what day is it in Auckland", "Today is Tuesday, 3 March 2026 in Auckland."],
  ["what is tomorrow's date", "Tomorrow is Tuesday, 3 March 2026."],
  ["what weekday is 2024-02-29", "29 February 2024 was a Thursday."],
  ["what weekday was July 4, 1776", "4 July 1776 was a Thursday."],
  ["days between 2024-01-01 and 2024-03-01", "From 1 January 2024 to 1 March 2024 it is 60 days."],
  [
    "months between 2024-01-31 and 2024-03-01",
    "From 31 January 2024 to 1 March 2024 it is 1 month and 1 day.",
  ],
  ["weekdays between 2024-01-01 and 2024-02-01", "From 1 January 2024 to 1 February 2024 it is 23 weekdays."],
  ["days until christmas", "298 days until Friday, 25 December 2026."],
  ["days until March 1", "364 days until Monday, 1 March 2027."],
  ["days until march 2", "That is today, Monday, 2 March 2026."],
  ["days since march 3", "364 days since Monday, 3 March 2025."],
  ["days until 29 february", "729 days until Tuesday, 29 February 2028."],
  ["2 hours from now", "01:30 on Tuesday, 3 March 2026 (Europe/Berlin)."],
  ["one month after 2024-01-31", "Thursday, 29 February 2024."],
  ["3pm New York in Berlin", "15:00 in New York is 21:00 in Berlin."],
  ["noon in London to Auckland", "12:00 in London is 01:00 in Auckland, on Tuesday, 3 March 2026."],
  ["time difference between India and Nepal", "Nepal is 0:15 hours ahead of India at present."],
  ["what week is 2024-12-30", undefined],
  ["week number of 2024-12-30", "Monday, 30 December 2024 is in week 1 of 2025."],
  ["what weekday is 2025-02-29", undefined],
  ["what weekday is 5/6/2024", undefined],
  ["13pm Tokyo in London", undefined],
])("%s", (asked, expected) => {
  expect(answer(asked)).toBe(expected);
});

const zones = Intl.supportedValuesOf("timeZone");
const moment = fc
  .integer({ min: Date.UTC(1975, 0), max: Date.UTC(2080, 0) })
  .map((ms) => Math.floor(ms / 60_000) * 60_000);

test("what clocks show leads back to when they show it, but for the hour that comes twice", () => {
  fc.assert(
    fc.property(moment, fc.constantFrom(...zones), (ms, zone) => {
      const shown = wallTimeAt(ms, zone);
      const back = whenClocksShow(shown, zone);
      expect(wallTimeAt(back, zone)).toEqual(shown);
      expect(Math.abs(back - ms)).toBeLessThanOrEqual(24 * 3_600_000);
    }),
  );
});

test("a date moved on by days lies as many days away", () => {
  fc.assert(
    fc.property(moment, fc.integer({ min: -40_000, max: 40_000 }), (ms, days) => {
      const from = wallTimeAt(ms, "UTC");
      expect(daysBetween(from, daysLater(from, days))).toBe(days);
      expect(asUtc(from)).toBe(ms);
      expect(monthsLater(from, 12).month).toBe(from.month);
    }),
  );
});
