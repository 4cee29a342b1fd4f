import type { Server } from "node:http";
import { mountColloquy, type Colloquy } from "./colloquy.ts";
import type { Overrides } from "./compose.ts";
import { modelFault } from "./compose-models.ts";
import { formatFaults } from "./config/config-fault.ts";
import type { ColloquyConfig } from "./config/define-config.ts";
import { readConfig } from "./config/read-config.ts";
import { createLogger } from "./pino-logger.ts";
import { toolFaults } from "./tool-faults.ts";

/**
 * A configuration as `colloquy.config.ts` has it, and what the program brings itself. `host` and `port` are not looked at:
 * where to listen is the program's affair.
 */
export interface ColloquyOptions extends ColloquyConfig, Overrides {
  /** Whose upgrades of `/ws` are taken. Anonymous users are served only while it listens on loopback. */
  readonly server: Server;
  /** Where settings are looked for that are not given here: `process.env`, or nothing when left out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Makes a server inside a program of your own, on its HTTP server. Throws an Error that lists all faults of the
 * configuration; opens nothing before `start`.
 *
 * @example
 * const server = createServer(myApp);
 * const colloquy = createColloquy({ server, dataDir: "./data", model: "demo:guide" });
 * await colloquy.start();
 * server.listen(3000, "127.0.0.1");
 */
export const createColloquy = (options: ColloquyOptions): Colloquy => {
  const {
    server,
    env = {},
    store,
    journal,
    models,
    providers,
    clock,
    ids,
    logger,
    meter,
    ...value
  } = options;
  const given: Overrides = {
    ...(store && { store }),
    ...(journal && { journal }),
    ...(models && { models }),
    ...(providers && { providers }),
    ...(clock && { clock }),
    ...(ids && { ids }),
    ...(meter && { meter }),
  };
  const read = readConfig({
    file: { name: "createColloquy", value },
    env,
    embedded: true,
    modelFault: (id, settings, sequencers) => modelFault(id, settings, sequencers, given),
    toolFaults,
  });
  if (!read.ok) throw new Error(formatFaults(read.faults));
  const ownLogger = (): Overrides["logger"] =>
    createLogger({
      level: read.config.logLevel,
      plain: false,
      write: (line) => void process.stderr.write(line),
    });
  const log = logger ?? ownLogger();
  return mountColloquy(read.config, server, { ...given, ...(log && { logger: log }) });
};
