import type { PromptWordFrame } from "@colloquy/protocol/workers";

/** The longest piece that is sent as one frame, UTF-16 code units. */
const longestPiece = 32 * 1024;

/** A prompt in hand, and what was said of it: all of it is kept until the server has it, to say again what got lost. */
export interface WorkerHand {
  readonly signal: AbortSignal;
  /** UTF-16 code units that were said. */
  readonly length: number;
  /** Something was said, if only an empty text: it is an answer. */
  readonly spoke: boolean;
  claim(): void;
  say(text: string): void;
  end(frame: Extract<PromptWordFrame, { type: "final" | "decline" }>): void;
  /** Says again what lies behind that place; false when less than that was ever said. */
  goOn(offset: number): boolean;
  abort(reason: Error): void;
}

/** @param send hands a frame to the connection, if there is one; what is lost is said again by `goOn` */
export const createWorkerHand = (id: string, send: (frame: PromptWordFrame) => void): WorkerHand => {
  const controller = new AbortController();
  const pieces: string[] = [];
  let length = 0;
  let claimed = false;
  let spoke = false;
  let last: PromptWordFrame | undefined;

  const tell = (text: string, offset: number): void => {
    for (let at = 0; at < text.length; at += longestPiece) {
      send({ type: "delta", id, offset: offset + at, text: text.slice(at, at + longestPiece) });
    }
  };

  return {
    signal: controller.signal,
    get length() {
      return length;
    },
    get spoke() {
      return spoke;
    },
    claim() {
      if (claimed || spoke || last || controller.signal.aborted) return;
      claimed = true;
      send({ type: "claim", id });
    },
    say(text) {
      if (last || controller.signal.aborted) return;
      spoke = true;
      if (text === "") return;
      pieces.push(text);
      tell(text, length);
      length += text.length;
    },
    end(frame) {
      last = frame;
      send(frame);
    },
    goOn(offset) {
      if (offset > length) return false;
      if (offset === 0 && claimed) send({ type: "claim", id });
      tell(pieces.join("").slice(offset), offset);
      if (last) send(last);
      return true;
    },
    abort: (reason) => controller.abort(reason),
  };
};
