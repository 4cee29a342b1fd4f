import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { ClientError, type TurnView, createClient } from "@colloquy/client";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import { type Ids, systemIds } from "../kernel/ids.ts";
import { createChatCalls, waitForDecision } from "./chat-calls.ts";
import { createChatScreen, createTypedLine, plainText } from "./chat-screen.ts";
import { watchChatConnection } from "./chat-connection.ts";
import { conversationReady } from "./conversation-ready.ts";

export interface ChatOptions {
  readonly url: string;
  readonly channel: string;
  readonly token?: string;
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly ids?: Ids;
}

const help =
  "type to ask · /stop or Ctrl-C stops the answer · /approve or /deny [reason] decides about the call that waits · /quit or Ctrl-C twice leaves";

const isOpen = (turn: TurnView): boolean => ["sending", "queued", "running", "waiting"].includes(turn.state);
const isTerminal = (stream: object): boolean => "isTTY" in stream && stream.isTTY === true;

/**
 * Talks in a terminal: shows the history, then every prompt and answer as it grows, until `/quit`, the second Ctrl-C or the
 * end of the input. Input that is not a terminal's is taken line by line; the chat then stays for the last answer, unless that
 * waits for somebody to approve a call: what is piped in decides about nothing.
 *
 * @throws ColloquyError when the server does not let one in, or when the input has ended and a call waits for approval
 */
export const chat = async (options: ChatOptions): Promise<void> => {
  const { url, channel, token, input, output, ids = systemIds } = options;
  const person = isTerminal(input) && isTerminal(output);
  const leaving = new AbortController();
  let inputEnded = false;
  const leave = (reason?: unknown): void => leaving.abort(reason);

  // While an answer is being written, what is typed is not echoed into it; it shows again when the answer is done.
  const echo = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      if (!screen.busy) output.write(chunk);
      done();
    },
  });
  // Lines are wrapped at the terminal's edge.
  Object.defineProperty(echo, "columns", { get: () => ("columns" in output ? output.columns : undefined) });
  const lines = createInterface({ input, terminal: person, prompt: "> ", ...(person && { output: echo }) });
  const typedLine = person
    ? createTypedLine(output, () => !inputEnded && lines.prompt(true))
    : { hide: () => undefined, redraw: () => undefined };
  const screen = createChatScreen(output, person, typedLine);
  const client = createClient({ url, ...(token !== undefined && { token }) });
  const stopWatching = watchChatConnection(
    client,
    url,
    (text) => screen.note(text),
    (reason) => leave(new ColloquyError("not_allowed", { message: reason })),
  );
  const conversation = client.conversation(channel);

  const calls = createChatCalls(conversation, (text) => screen.note(text), leaving.signal);

  const stop = (): boolean => {
    const running = conversation.view().turns.filter(isOpen);
    for (const { messageId } of running.slice(0, 1)) {
      conversation.cancel(messageId).catch((error: unknown) => {
        if (!leaving.signal.aborted && error instanceof ClientError) screen.note(error.message);
      });
    }
    return running.length > 0;
  };

  const ask = (text: string): void => {
    const messageId = ids.next();
    if (person && screen.busy) screen.typed(plainText(text));
    screen.own(messageId);
    // A refusal is shown at its turn.
    conversation.prompt(text, { messageId }).catch(() => undefined);
  };

  let interrupts = 0;
  lines.on("line", (line) => {
    interrupts = 0;
    const text = line.trim();
    if (text === "/quit") leave();
    else if (text === "/stop" && stop()) return;
    else if (text === "/stop") screen.note("nothing is being answered");
    else if (text === "/help") screen.note(help);
    else if (person && text === "/approve") calls.decide("approve");
    else if (person && /^\/deny(\s|$)/.test(text)) calls.decide("deny", text.slice(5).trim() || undefined);
    else if (text === "/approve" || /^\/deny(\s|$)/.test(text))
      screen.note("only a person at a terminal can decide about calls here");
    else if (text.startsWith("/")) screen.note(`there is no ${text}; ${help}`);
    else if (text !== "") ask(text);
    else if (!screen.busy && person) lines.prompt();
  });
  lines.on("SIGINT", () => {
    interrupts += 1;
    if (interrupts > 1) leave();
    else if (!stop()) screen.note("Ctrl-C once more leaves");
  });
  // An answer may end before it has been shown.
  const notShown = (): readonly TurnView[] =>
    conversation.view().turns.filter(({ messageId }) => !screen.over(messageId));
  const allShown = (): boolean => notShown().length === 0;
  const endWaiting = (): void => {
    if (!inputEnded || person || !waitForDecision(notShown())) return;
    const message = `A call waits for approval, and the input has ended. Decide on the page or in a terminal: colloquy chat --url ${url} --channel ${channel}`;
    leave(new ColloquyError("not_available", { message }));
  };
  lines.on("close", () => {
    inputEnded = true;
    if (person || allShown()) leave();
    else endWaiting();
  });

  try {
    await conversationReady(conversation, leaving.signal);
    if (person && !leaving.signal.aborted) screen.note(`${channel} at ${url} · ${help}`);
    for await (const event of conversation.events(leaving.signal)) {
      screen.show(event);
      if (event.type === "turn") for (const text of calls.untold(event.turn)) screen.note(text);
      endWaiting();
      if (leaving.signal.aborted || (inputEnded && allShown())) break;
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
