import { isLoopbackHost } from "../auth/admission.ts";
import type { Config } from "./config/resolve-config.ts";
import type { Listening } from "./listen.ts";

/** What was configured and works, but may surprise. */
export const surprises = (config: Config): readonly string[] => {
  const found: string[] = [];
  const open = !isLoopbackHost(config.host);
  if (open && config.admission.hosts.length === 0) {
    found.push(
      "Only requests for localhost are answered: set ALLOWED_HOSTS to the names that people use for this server.",
    );
  }
  if (open && config.admission.anonymous === "always") {
    found.push("Whoever reaches this server may read and write everything (ALLOW_ANONYMOUS=1).");
  }
  const url = config.openaiBaseUrl;
  if (url && !config.modelIsChosen) {
    found.push(
      `MODEL is not set, so ${config.model} is asked for at ${url.host}: set it if that server knows other models.`,
    );
  }
  return found;
};

/** A name for the address that a person can open: an address that means "all of mine" is no such name. */
export const addressOf = ({ host, port }: Listening, scheme: string): string => {
  const name = host === "0.0.0.0" || host === "::" || isLoopbackHost(host) ? "localhost" : host;
  return `${scheme}://${name.includes(":") ? `[${name}]` : name}:${port}`;
};

const next = (config: Config, at: Listening): readonly string[] => {
  if (config.admission.anonymous !== "never") {
    return [
      "Open the page in two browser tabs, type in one, and watch the answer grow in both.",
      ...(config.assistants.get("team")?.model === "sequencer:team"
        ? [
            "Four models that need no key race for each prompt (2+2, time in Tokyo, list files):",
            `  ${addressOf(at, "http")}/#/c/team`,
          ]
        : []),
    ];
  }
  if (config.jwksUrl) return ["Connect with a token of your identity provider."];
  return [
    "Make yourself a token with the same JWT_SECRET; the page asks for it, and the chat in the terminal takes it:",
    "  npm run -s colloquy -- token --user me --read '*' --prompt '*' --stop '*'",
    `  npm run -s colloquy -- chat --url ${addressOf(at, "ws")}/ws --token …`,
  ];
};

/** Where the peers of sequencers are heard; ports that are taken are told elsewhere. */
const sequencerRows = (config: Config): readonly (readonly [string, string])[] =>
  [...config.sequencers.values()].flatMap(({ name, udp, ingressPort }) => {
    const replies = udp ? `UDP ${udp.listenPort} for replies, ${udp.ports.join(", ")} asked` : "";
    const breakouts = ingressPort === undefined ? "" : `TCP ${ingressPort} for breakouts`;
    const said = [breakouts, replies].filter((part) => part !== "").join("; ");
    return said === "" ? [] : [[`seq:${name}`, said] as const];
  });

/**
 * What a person sees when the server has started.
 *
 * @param minds sentences about what was perhaps meant otherwise
 */
export const banner = (
  config: Config,
  version: string,
  at: Listening,
  minds: readonly string[] = [],
): string => {
  const rows = [
    ["page", `${addressOf(at, "http")}/`],
    ["sockets", `${addressOf(at, "ws")}/ws`],
    ["health", `${addressOf(at, "http")}/healthz`],
    ["model", config.model],
    ["data", config.dataDir],
    ...sequencerRows(config),
  ] as const;
  return [
    `Colloquy ${version} is listening.`,
    "",
    ...rows.map(([name, value]) => `  ${name.padEnd(9)}${value}`),
    "",
    ...[...surprises(config), ...minds].flatMap((line) => [`Mind: ${line}`, ""]),
    ...next(config, at),
    "",
  ].join("\n");
};
