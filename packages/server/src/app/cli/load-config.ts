import { modelFault } from "../compose-models.ts";
import { readConfigFile } from "../config/config-file.ts";
import type { ConfigSources } from "../config/config-sources.ts";
import { readConfig, type ConfigResult } from "../config/read-config.ts";
import { toolFaults } from "../tool-faults.ts";
import type { Terminal } from "./terminal.ts";

/** Reads the configuration that a command works with: file, environment, command line. */
export const loadConfig = async (
  terminal: Terminal,
  options: { readonly config?: string | undefined; readonly flags?: NonNullable<ConfigSources["flags"]> },
): Promise<ConfigResult> => {
  const file = await readConfigFile(terminal.cwd, options.config);
  const sources: ConfigSources = {
    env: terminal.env,
    flags: options.flags ?? {},
    modelFault,
    toolFaults,
    ...(file.kind === "read" && { file: { name: file.name, value: file.value } }),
  };
  const result = readConfig(sources);
  if (file.kind !== "fault") return result;
  return { ok: false, faults: [file.fault, ...(result.ok ? [] : result.faults)] };
};
