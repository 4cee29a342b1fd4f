import { parseArgs } from "node:util";
import { socketUrl } from "./socket-url.ts";
import type { ExitCode, Terminal } from "./terminal.ts";

/** `colloquy watch`: shows what a sequencer does with each prompt, and takes prompts. */
export const watchCommand = async (args: readonly string[], terminal: Terminal): Promise<ExitCode> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      url: { type: "string", default: `ws://localhost:${terminal.env["PORT"] || "8080"}/ws` },
      conversation: { type: "string", default: "seq:main" },
      token: { type: "string" },
    },
  });
  const url = socketUrl(values.url);
  if (url === undefined) {
    terminal.errors.write(`"${values.url}" is no address of a server. Write --url ws://localhost:8080/ws.\n`);
    return 2;
  }
  // Here and not above: a server need not load the client.
  const { watch } = await import("../watch.ts");
  const token = values.token ?? terminal.env["COLLOQUY_TOKEN"];
  await watch({
    url,
    conversation: values.conversation,
    ...(token !== undefined && { token }),
    input: terminal.input,
    output: terminal.output,
  });
  return 0;
};
