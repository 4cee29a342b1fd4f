import { expect, test } from "vitest";
import { createLogger, type LoggerOptions } from "./pino-logger.ts";

const logTo = (options: Partial<LoggerOptions>) => {
  const lines: string[] = [];
  const logger = createLogger({ level: "info", plain: false, write: (line) => lines.push(line), ...options });
  return { lines, logger };
};

test("one JSON object a line, with level, time and fields", () => {
  const { lines, logger } = logTo({});
  logger.debug({}, "too fine");
  logger.warn({ conversation: "channel:a", err: new Error("no luck") }, "something happened");
  expect(lines).toHaveLength(1);
  const parsed: unknown = JSON.parse(lines[0] ?? "");
  expect(parsed).toMatchObject({
    level: "warn",
    msg: "something happened",
    conversation: "channel:a",
    err: { message: "no luck" },
  });
});

test("P11 credentials do not reach the log", () => {
  const { lines, logger } = logTo({ level: "debug" });
  logger.debug(
    {
      token: "hush",
      headers: { authorization: "hush", cookie: "hush" },
      request: { headers: { cookie: "hush" } },
    },
    "x",
  );
  expect(lines.join("")).not.toContain("hush");
});

test("plain lines for a person", () => {
  const { lines, logger } = logTo({ plain: true });
  logger.error({ err: new Error("disk full"), port: 8080 }, "cannot listen");
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d error cannot listen {2}err=disk full {2}port=8080\n$/);
});

test("what others said cannot command a terminal, nor look like a line of the log", () => {
  const { lines, logger } = logTo({ plain: true });
  const said = "\u001b[2J\u009b1mgone\n12:00:00 info  all is well";
  logger.warn({ err: new Error(said), problem: said }, "an MCP server is at fault");
  const shown = "\ufffd[2J\ufffd1mgone 12:00:00 info all is well";
  expect(lines[0]?.slice(9)).toBe(`warn  an MCP server is at fault  err=${shown}  problem=${shown}\n`);
});

test("silent says nothing", () => {
  const { lines, logger } = logTo({ level: "silent" });
  logger.error({}, "x");
  expect(lines).toEqual([]);
});
