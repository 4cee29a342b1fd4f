import { parseArgs } from "node:util";
import { ColloquyError } from "../../kernel/colloquy-error.ts";
import { banner } from "../banner.ts";
import { formatFaults } from "../config/config-fault.ts";
import type { Config } from "../config/resolve-config.ts";
import { createLogger } from "../pino-logger.ts";
import { startServer, type Running } from "../start.ts";
import { readVersion } from "../version.ts";
import { configOptions, flagsOf } from "./config-flags.ts";
import { loadConfig } from "./load-config.ts";
import type { ExitCode, Terminal } from "./terminal.ts";

/** Why a server did not start, for a person. */
const startFault = (thrown: unknown, { host, port }: Config): string => {
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  if (code === "EADDRINUSE") {
    return `Another program listens on ${host}:${port} already. Stop it, or choose another port: PORT=${port + 1}.`;
  }
  if (code === "EACCES")
    return `Port ${port} needs rights that this user does not have. Choose one above 1023.`;
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return `${host} is no address of this machine. Set HOST to one that is.`;
  if (thrown instanceof ColloquyError) return thrown.message;
  return `The server could not start: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
};

/**
 * npm, terminals and service managers pass on a signal that has reached the process by itself: what comes again within this
 * time is the same wish. Milliseconds.
 */
const echoMs = 500;

/** Resolves when the person has asked to stop and all is done, or has asked twice. */
const untilStopped = (running: Running, terminal: Terminal): Promise<ExitCode> =>
  new Promise((resolve, reject) => {
    const hurry = new AbortController();
    let askedAt: number | undefined;
    const forget = terminal.onStop(() => {
      const now = performance.now();
      if (askedAt !== undefined && now - askedAt < echoMs) return;
      if (askedAt !== undefined) {
        hurry.abort();
        forget();
        resolve(1);
        return;
      }
      askedAt = now;
      terminal.errors.write("Stopping: running answers may end first. Ask again to stop at once.\n");
      running.stop(hurry.signal).then(() => {
        forget();
        resolve(0);
      }, reject);
    });
  });

/** `colloquy serve`: runs the server until it is asked to stop. */
export const serveCommand = async (args: readonly string[], terminal: Terminal): Promise<ExitCode> => {
  const { values } = parseArgs({ args: [...args], options: configOptions });
  const read = await loadConfig(terminal, { config: values.config, flags: flagsOf(values) });
  if (!read.ok) {
    terminal.errors.write(`${formatFaults(read.faults)}\n`);
    return 2;
  }
  const { config } = read;
  const logger = createLogger({
    level: config.logLevel,
    plain: terminal.isPerson,
    write: (line) => void terminal.errors.write(line),
  });
  terminal.onRejection((reason) =>
    logger.error({ err: reason }, "a promise was left to fail; this is a fault of ours"),
  );
  const impatient = Promise.withResolvers<undefined>();
  const forget = terminal.onStop(() => impatient.resolve(undefined));
  const starting = startServer(config, { logger });
  let running: Running | undefined;
  try {
    running = await Promise.race([starting, impatient.promise]);
  } catch (thrown) {
    logger.debug({ err: thrown }, "did not start");
    terminal.errors.write(`${startFault(thrown, config)}\n`);
    return 1;
  } finally {
    forget();
  }
  if (!running) {
    terminal.errors.write("Stopped before it served anybody.\n");
    starting.then((late) => late.stop()).catch(() => {});
    return 1;
  }
  terminal.output.write(banner(config, readVersion(), running.at, read.minds));
  return untilStopped(running, terminal);
};
