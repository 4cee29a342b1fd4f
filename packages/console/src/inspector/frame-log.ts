import type { WireFrame } from "@colloquy/client";
import type { Wire } from "../session/session.ts";

/** A message on the wire, as it is shown to developers. */
export interface LoggedFrame {
  readonly key: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly wire: Wire;
  readonly direction: "in" | "out";
  /** JSON; the end of a very long one is left out. */
  readonly text: string;
  /** How long all of it is, UTF-16 code units. */
  readonly size: number;
}

/** A new object whenever something of it changed. */
export interface FrameLogState {
  readonly recording: boolean;
  /** Oldest first. */
  readonly frames: readonly LoggedFrame[];
}

/** The newest messages on the wire, no more than fit into a bound; it records from the beginning. */
export interface FrameLog {
  readonly state: () => FrameLogState;
  readonly subscribe: (listener: () => void) => () => void;
  /** Keeps a frame; does nothing while it does not record. */
  readonly take: (wire: Wire, frame: WireFrame) => void;
  readonly record: (on: boolean) => void;
  readonly clear: () => void;
}

export const frameLogBounds = { frames: 300, letters: 500_000, lettersOfOne: 20_000 } as const;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The beginning of a text as a text of its own: a mere slice would hold all of what it was cut from. */
const beginning = (text: string, length: number): string =>
  `${decoder.decode(encoder.encode(text.slice(0, length)))}…`;

export const createFrameLog = (now: () => number = Date.now): FrameLog => {
  const { frames: most, letters: mostLetters, lettersOfOne } = frameLogBounds;
  const listeners = new Set<() => void>();
  let recording = true;
  /** Grows and shrinks in place: while nobody looks, a frame costs no more than its text. */
  let kept: LoggedFrame[] = [];
  let letters = 0;
  let key = 0;
  /** What was shown last, as long as it is true. */
  let shown: FrameLogState | undefined;

  const changed = (): void => {
    shown = undefined;
    for (const listener of listeners) listener();
  };

  return {
    state: () => (shown ??= { recording, frames: [...kept] }),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    take(wire, frame) {
      if (!recording) return;
      const whole = frame.text();
      const text = whole.length > lettersOfOne ? beginning(whole, lettersOfOne) : whole;
      key += 1;
      letters += text.length;
      kept.push({ key, at: now(), wire, direction: frame.direction, text, size: whole.length });
      while (kept.length > most || letters > mostLetters) letters -= kept.shift()?.text.length ?? 0;
      changed();
    },
    record(on) {
      if (on === recording) return;
      recording = on;
      changed();
    },
    clear() {
      kept = [];
      letters = 0;
      changed();
    },
  };
};
