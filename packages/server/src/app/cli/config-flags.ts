import type { ConfigSources } from "../config/config-sources.ts";

/** Settings that may be given on the command line, and the configuration file; for `parseArgs`. */
export const configOptions = {
  port: { type: "string" },
  host: { type: "string" },
  "data-dir": { type: "string" },
  model: { type: "string" },
  config: { type: "string" },
} as const;

/** Those that were given, by the settings' names. */
export const flagsOf = (
  values: Readonly<Partial<Record<keyof typeof configOptions, string | undefined>>>,
): NonNullable<ConfigSources["flags"]> => {
  const { port, host, model, "data-dir": dataDir } = values;
  return {
    ...(port !== undefined && { port }),
    ...(host !== undefined && { host }),
    ...(model !== undefined && { model }),
    ...(dataDir !== undefined && { dataDir }),
  };
};
