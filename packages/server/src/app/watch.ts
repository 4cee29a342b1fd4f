import { createInterface } from "node:readline";
import { ClientError, channelOfConversation, createClient } from "@colloquy/client";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import { watchChatConnection } from "./chat-connection.ts";
import { createTypedLine } from "./chat-screen.ts";
import { conversationReady } from "./conversation-ready.ts";
import { createWatchScreen } from "./watch-screen.ts";

export interface WatchOptions {
  readonly url: string;
  /** The conversation to watch: `seq:main`, or any other. */
  readonly conversation: string;
  readonly token?: string;
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

const isTerminal = (stream: object): boolean => "isTTY" in stream && stream.isTTY === true;

/**
 * Shows what a sequencer does with each prompt: who was asked, what came back, who won in what time, who stood down or was
 * late. Lines of the input are prompts. Ends at `quit`, Ctrl-C or the end of the input; input that is not a terminal's is
 * answered first.
 *
 * @throws ColloquyError when the server does not let one in
 */
export const watch = async ({ url, conversation: id, token, input, output }: WatchOptions): Promise<void> => {
  const person = isTerminal(input) && isTerminal(output);
  const leaving = new AbortController();
  let inputEnded = false;
  const lines = createInterface({
    input,
    terminal: person,
    prompt: "Enter message to broadcast (or 'quit' to exit): ",
    ...(person && { output }),
  });
  const typedLine = createTypedLine(output, () => lines.prompt(true));
  const screen = createWatchScreen((text) => {
    if (person) typedLine.hide();
    output.write(`${text}\n`);
    if (person && !inputEnded) typedLine.redraw();
  });
  const client = createClient({ url, ...(token !== undefined && { token }) });
  const stopWatching = watchChatConnection(
    client,
    url,
    (text) => screen.note(text),
    (reason) => leaving.abort(new ColloquyError("not_allowed", { message: reason })),
  );
  const conversation = client.conversation(channelOfConversation(id));

  const allShown = (): boolean => conversation.view().turns.every(({ messageId }) => screen.over(messageId));
  lines.on("line", (line) => {
    const text = line.trim();
    if (text === "quit" || text === "/quit") lines.close();
    // Lines that came in one piece with `quit` are behind it.
    else if (text !== "" && !inputEnded) {
      // A refusal is shown at its turn.
      conversation.prompt(text).catch(() => undefined);
    } else if (person && !inputEnded) lines.prompt();
  });
  lines.on("SIGINT", () => lines.close());
  lines.on("close", () => {
    inputEnded = true;
    if (person || allShown()) leaving.abort();
  });

  try {
    await conversationReady(conversation, leaving.signal);
    if (person && !inputEnded) screen.note(`${id} at ${url}`);
    for await (const event of conversation.events(leaving.signal)) {
      if (event.type === "turn") screen.show(event.turn);
      if (inputEnded && allShown()) break;
    }
    const { reason } = leaving.signal;
    if (reason instanceof ColloquyError) throw reason;
  } catch (error) {
    throw error instanceof ClientError ? new ColloquyError(error.code, { message: error.message }) : error;
  } finally {
    stopWatching();
    lines.close();
    await client.close();
  }
};
