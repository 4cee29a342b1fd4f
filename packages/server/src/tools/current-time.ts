import { z } from "zod";
import type { Clock } from "../kernel/clock.ts";
import { defineTool } from "./define-tool.ts";
import type { Tool } from "./tool.ts";

/** The time zone of this machine. */
const zoneHere = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

const parameters = z.object({
  time_zone: z
    .string()
    .max(64)
    .optional()
    .describe("IANA name such as Europe/Berlin or America/New_York; the server's own when left out"),
});

const parts = (at: number, timeZone: string): Readonly<Record<string, string>> => {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    weekday: "long",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "longOffset",
  });
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
};

/** Tells date and time: `2026-11-05T14:03:22+01:00, Thursday (Europe/Berlin)`. */
export const createCurrentTime = (clock: Clock): Tool =>
  defineTool({
    name: "current_time",
    description: "Gives the present date, time, weekday and UTC offset in a time zone.",
    usage: "whenever an answer depends on today's date or the time of day; do not guess them",
    parameters,
    timeMs: 1_000,
    progress: () => "Looking at the clock",
    run({ time_zone: zone = zoneHere() }) {
      let p;
      try {
        p = parts(clock.now(), zone);
      } catch {
        throw new Error(
          `There is no time zone ${JSON.stringify(zone)}; use an IANA name such as Europe/Berlin.`,
        );
      }
      const offset = (p["timeZoneName"] ?? "").replace("GMT", "") || "+00:00";
      const date = `${p["year"]}-${p["month"]}-${p["day"]}`;
      const time = `${p["hour"]}:${p["minute"]}:${p["second"]}`;
      return `${date}T${time}${offset}, ${p["weekday"]} (${zone})`;
    },
  });
