import { parseArgs } from "node:util";
import { mintToken } from "../../auth/mint-token.ts";
import { systemClock } from "../../kernel/clock.ts";
import { formatFaults } from "../config/config-fault.ts";
import { parseDuration } from "./duration.ts";
import { loadConfig } from "./load-config.ts";
import type { ExitCode, Terminal } from "./terminal.ts";

const patterns = { type: "string", multiple: true, default: [] as string[] } as const;

const listOf = (values: readonly string[]): readonly string[] =>
  values.flatMap((value) => value.split(",")).filter((value) => value !== "");

/** `colloquy token`: prints a token and nothing else, so that a script can take it. */
export const tokenCommand = async (args: readonly string[], terminal: Terminal): Promise<ExitCode> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      user: { type: "string" },
      read: patterns,
      prompt: patterns,
      publish: patterns,
      stop: patterns,
      serve: patterns,
      expires: { type: "string", default: "1h" },
      config: { type: "string" },
    },
  });
  const refuse = (sentence: string): ExitCode => {
    terminal.errors.write(`${sentence}\n`);
    return 2;
  };
  const { user } = values;
  if (!user) return refuse("Whose token? Write --user NAME.");
  const expiresInSeconds = parseDuration(values.expires);
  if (expiresInSeconds === undefined) return refuse("How long is it good? Write --expires 15m, 1h or 7d.");
  const read = await loadConfig(terminal, { config: values.config });
  if (!read.ok) return refuse(formatFaults(read.faults));
  const { jwtSecret: secret, jwksUrl, jwtAudience: audience, jwtIssuer: issuer } = read.config;
  if (jwksUrl) return refuse(`This server takes the tokens of ${jwksUrl.host}, which nobody else can make.`);
  if (secret === undefined)
    return refuse("There is nothing to sign with. Set JWT_SECRET to what the server has.");
  const grants = {
    read: listOf(values.read),
    prompt: listOf(values.prompt),
    publish: listOf(values.publish),
    stop: listOf(values.stop),
    ...(values.serve.length > 0 && { serve: listOf(values.serve) }),
  };
  if (Object.values(grants).every((names) => names.length === 0)) {
    terminal.errors.write(
      "Mind: this token allows nothing. Add --read, --prompt, --publish, --stop or --serve.\n",
    );
  }
  const token = await mintToken({
    secret,
    user,
    grants,
    expiresInSeconds,
    ...(audience !== undefined && { audience }),
    ...(issuer !== undefined && { issuer }),
    clock: systemClock,
  });
  terminal.output.write(`${token}\n`);
  return 0;
};
