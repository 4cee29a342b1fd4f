import { surprises } from "../banner.ts";
import type { ConfigResult } from "../config/read-config.ts";
import { bad, good, mind, type Finding } from "./finding.ts";
import { lookAtFolder } from "./look-at-folder.ts";
import { isRunningAt, lookAtPort } from "./look-at-port.ts";
import { lookAtProvider } from "./look-at-provider.ts";
import { lookAtSequencers } from "./look-at-sequencers.ts";
import { lookAtSignIn } from "./look-at-sign-in.ts";

const lookAtNode = (version: string): Finding =>
  Number.parseInt(version, 10) >= 24
    ? good("node", `${version} will do.`)
    : bad(
        "node",
        `${version} is too old.`,
        "Install Node 24 or newer, or run npm start, which brings its own.",
      );

/** Looks at everything that a start depends on, and says what to do about what it finds. */
export const examine = async (
  read: ConfigResult,
  facts: { readonly nodeVersion: string; readonly usualBaseUrl: string },
): Promise<readonly Finding[]> => {
  const node = lookAtNode(facts.nodeVersion);
  if (!read.ok) {
    const wrong = read.faults.map((fault) =>
      bad("settings", `${fault.name}: ${fault.wrong}.`, `Write ${fault.instead}.`),
    );
    return [node, ...wrong];
  }
  const { config } = read;
  return [
    node,
    good("settings", "no faults."),
    ...[...surprises(config), ...read.minds].map((line) =>
      mind("settings", line, "Nothing has to be done if that is meant."),
    ),
    ...(await Promise.all([
      isRunningAt(config.host, config.port).then((isRunning) => lookAtFolder(config.dataDir, isRunning)),
      lookAtPort(config.host, config.port),
      lookAtSignIn(config),
      lookAtProvider(config, facts.usualBaseUrl),
    ])),
    ...(await lookAtSequencers(config)),
  ];
};
