import type { Role } from "@colloquy/protocol";
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

/** `chat-1=writer` and the like; undefined when none was given. */
const rolesOf = (values: readonly string[]): Record<string, Role> | undefined | "wrong" => {
  const roles = new Map<string, Role>();
  for (const value of values) {
    const [, chat, role] = /^(.+)=(reader|writer|owner)$/.exec(value) ?? [];
    if (chat === undefined || (role !== "reader" && role !== "writer" && role !== "owner")) return "wrong";
    roles.set(chat, role);
  }
  return roles.size === 0 ? undefined : Object.fromEntries(roles);
};

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
      approve: patterns,
      room: patterns,
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
  const rooms = rolesOf(listOf(values.room));
  if (rooms === "wrong") return refuse("What in which chat? Write --room CHAT=writer, =reader or =owner.");
  const grants = {
    read: listOf(values.read),
    prompt: listOf(values.prompt),
    publish: listOf(values.publish),
    stop: listOf(values.stop),
    ...(values.approve.length > 0 && { approve: listOf(values.approve) }),
    ...(rooms && { rooms }),
    ...(values.serve.length > 0 && { serve: listOf(values.serve) }),
  };
  if (Object.values(grants).every((names) => Array.isArray(names) && names.length === 0)) {
    terminal.errors.write(
      "Mind: this token allows nothing on channels, only rooms of one's own and by invitation. Add --read, --prompt, --publish, --stop, --approve, --room or --serve.\n",
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
