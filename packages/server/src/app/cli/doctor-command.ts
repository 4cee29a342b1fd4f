import { parseArgs } from "node:util";
import { usualOpenAiBaseUrl } from "../../models/model-registry.ts";
import { examine } from "../doctor/doctor.ts";
import { formatFindings } from "../doctor/finding.ts";
import { configOptions, flagsOf } from "./config-flags.ts";
import { loadConfig } from "./load-config.ts";
import type { ExitCode, Terminal } from "./terminal.ts";

/** `colloquy doctor`: looks at everything that a start depends on. */
export const doctorCommand = async (args: readonly string[], terminal: Terminal): Promise<ExitCode> => {
  const { values } = parseArgs({ args: [...args], options: configOptions });
  const read = await loadConfig(terminal, { config: values.config, flags: flagsOf(values) });
  const findings = await examine(read, {
    nodeVersion: process.versions.node,
    usualBaseUrl: usualOpenAiBaseUrl,
  });
  terminal.output.write(formatFindings(findings));
  return findings.some(({ state }) => state === "bad") ? 1 : 0;
};
