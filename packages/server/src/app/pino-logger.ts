import { pino, type DestinationStream } from "pino";
import type { Logger } from "../kernel/logger.ts";
import { plainLine } from "./plain-line.ts";

export interface LoggerOptions {
  readonly level: "debug" | "info" | "warn" | "error" | "silent";
  /** For a person at a terminal instead of a machine: one plain line each. */
  readonly plain: boolean;
  readonly write: (line: string) => void;
}

/** Names under which credentials could come into a log line, at the top or one level down. */
const secrets = ["token", "authorization", "cookie", "apiKey", "secret"];

/** Structured logs: one JSON object a line, never with a credential in it. */
export const createLogger = ({ level, plain, write }: LoggerOptions): Logger => {
  const destination: DestinationStream = { write: plain ? (line) => write(plainLine(line)) : write };
  return pino(
    {
      level,
      base: null,
      redact: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    destination,
  );
};
