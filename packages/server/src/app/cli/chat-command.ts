import { parseArgs } from "node:util";
import { socketUrl } from "./socket-url.ts";
import type { ExitCode, Terminal } from "./terminal.ts";

/** `colloquy chat`: talks in the terminal, through the client package like everybody else. */
export const chatCommand = async (args: readonly string[], terminal: Terminal): Promise<ExitCode> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      url: { type: "string", default: `ws://localhost:${terminal.env["PORT"] || "8080"}/ws` },
      channel: { type: "string", default: "lobby" },
      token: { type: "string" },
    },
  });
  const url = socketUrl(values.url);
  if (url === undefined) {
    terminal.errors.write(`"${values.url}" is no address of a server. Write --url ws://localhost:8080/ws.\n`);
    return 2;
  }
  // Here and not above: a server need not load the client.
  const { chat } = await import("../chat.ts");
  const token = values.token ?? terminal.env["COLLOQUY_TOKEN"];
  await chat({
    url,
    channel: values.channel,
    ...(token !== undefined && { token }),
    input: terminal.input,
    output: terminal.output,
  });
  return 0;
};
