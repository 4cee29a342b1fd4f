import { clearScreenDown, cursorTo } from "node:readline";
import { styleText } from "node:util";
import type { ConversationEvent, TurnView } from "@colloquy/client";

/** What a conversation looks like in a terminal: lines that are only ever added, and one that is being typed. */
export interface ChatScreen {
  show(event: ConversationEvent): void;
  /** A line about the chat itself. */
  note(text: string): void;
  /** A prompt of one's own, typed while an answer was being written (so the terminal did not show it). */
  typed(text: string): void;
  /** Its prompt is on the screen already. */
  own(messageId: string): void;
  /** Whether all of the turn is on the screen, and how it ended. */
  over(messageId: string): boolean;
  /** Whether an answer stands in the middle of a line. */
  readonly busy: boolean;
}

/** Where the typed line is: taken off before something is written, put back after it. */
export interface TypedLine {
  hide(): void;
  redraw(): void;
}

/**
 * Without what would move the cursor, colour the screen or ring the bell: other people's and models' words do not command a
 * terminal.
 */
export const plainText = (text: string): string =>
  text
    .replaceAll("\r\n", "\n")
    .replaceAll(/\p{Cc}/gu, (one) => (one === "\n" || one === "\t" ? one : "\uFFFD"));

const ends: Readonly<Partial<Record<TurnView["state"], string>>> = {
  cancelled: "stopped",
  failed: "failed",
  refused: "not taken",
};

/** The line under an answer that says how it ended, if not well. */
const endLine = (turn: TurnView): string | undefined => {
  const word = ends[turn.state];
  if (word === undefined) return undefined;
  const why = turn.state === "cancelled" ? undefined : turn.error?.message;
  return why === undefined ? word : `${word}: ${plainText(why)}`;
};

/** Takes the typed line off a terminal and puts it back. */
export const createTypedLine = (output: NodeJS.WritableStream, prompt: () => void): TypedLine => ({
  hide() {
    cursorTo(output, 0);
    clearScreenDown(output);
  },
  redraw: prompt,
});

export const createChatScreen = (
  output: NodeJS.WritableStream,
  isTerminal: boolean,
  typedLine: TypedLine,
): ChatScreen => {
  const own = new Set<string>();
  /** What was last shown of each turn but its text. */
  const shown = new Map<string, TurnView>();
  const lengths = new Map<string, number>();
  const closed = new Set<string>();
  /** The answer that the last line belongs to. */
  let current: string | undefined;
  let lineStart = true;

  const faint = (text: string): string =>
    isTerminal ? styleText("dim", text, { validateStream: false }) : text;

  const write = (text: string): void => {
    if (text === "") return;
    output.write(text);
    lineStart = text.endsWith("\n");
  };
  const line = (text: string): void => {
    if (!lineStart) write("\n");
    write(`${text}\n`);
    current = undefined;
  };

  /** An end is shown once, under all of the text. */
  const showEnd = (turn: TurnView): void => {
    const end = endLine(turn);
    if (end === undefined && turn.state !== "completed") closed.delete(turn.messageId);
    else if (!closed.has(turn.messageId) && (lengths.get(turn.messageId) ?? 0) >= turn.text.length) {
      closed.add(turn.messageId);
      if (end !== undefined) line(faint(`— ${end}`));
      else if (current === turn.messageId && !lineStart) line("");
    }
  };

  const showTurn = (turn: TurnView): void => {
    const before = shown.get(turn.messageId);
    shown.set(turn.messageId, turn);
    if (before?.prompt === undefined && turn.prompt !== undefined && !own.has(turn.messageId)) {
      line(`${plainText(turn.author ?? "somebody")}: ${plainText(turn.prompt)}`);
    }
    if (before?.state === turn.state && before.activity === turn.activity) return;
    if (turn.activity !== undefined && turn.activity !== before?.activity)
      line(faint(`… ${plainText(turn.activity)}`));
    if (turn.state === "queued" && own.has(turn.messageId)) line(faint("… waits for the answer before it"));
    showEnd(turn);
  };

  const showText = (event: Extract<ConversationEvent, { type: "text" }>): void => {
    const { messageId, offset, text } = event;
    const length = lengths.get(messageId) ?? 0;
    lengths.set(messageId, offset + text.length);
    if (offset < length) line(faint(`— the last ${length - offset} characters were taken back; it goes on:`));
    if (current !== messageId && !lineStart) write("\n");
    current = messageId;
    write(plainText(text));
    const turn = shown.get(messageId);
    if (turn !== undefined) showEnd(turn);
  };

  /** Lets something be written with the typed line out of the way. */
  const besides = (show: () => void): void => {
    const wasIdle = lineStart;
    if (wasIdle) typedLine.hide();
    show();
    if (lineStart) typedLine.redraw();
  };

  return {
    show(event) {
      if (event.type === "turn") besides(() => showTurn(event.turn));
      if (event.type === "text") besides(() => showText(event));
      if (event.type === "gone") lengths.delete(event.messageId);
    },
    note: (text) => besides(() => line(faint(`— ${text}`))),
    typed: (text) => besides(() => line(`> ${text}`)),
    own: (messageId) => void own.add(messageId),
    over: (messageId) => closed.has(messageId),
    get busy() {
      return !lineStart;
    },
  };
};
