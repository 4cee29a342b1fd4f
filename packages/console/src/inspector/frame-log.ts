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
}

/** A new object whenever something of it changed. */
export interface FrameLogState {
  readonly recording: boolean;
  /** Oldest first. */
  readonly frames: readonly LoggedFrame[];
}

/** The newest messages on the wire, no more than fit into a bound. */
export interface FrameLog {
  readonly state: () => FrameLogState;
  readonly subscribe: (listener: () => void) => () => void;
  /** Keeps a frame; does nothing while it does not record. */
  readonly take: (wire: Wire, frame: WireFrame) => void;
  readonly record: (on: boolean) => void;
  readonly clear: () => void;
}

export const frameLogBounds = { frames: 300, letters: 500_000, lettersOfOne: 20_000 } as const;

export const createFrameLog = (now: () => number = Date.now): FrameLog => {
  const { frames: most, letters: mostLetters, lettersOfOne } = frameLogBounds;
  const listeners = new Set<() => void>();
  let state: FrameLogState = { recording: false, frames: [] };
  let letters = 0;
  let key = 0;

  const change = (next: FrameLogState): void => {
    state = next;
    for (const listener of listeners) listener();
  };

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    take(wire, frame) {
      if (!state.recording) return;
      const whole = frame.text();
      const text = whole.length > lettersOfOne ? `${whole.slice(0, lettersOfOne)}…` : whole;
      key += 1;
      letters += text.length;
      const frames = [...state.frames, { key, at: now(), wire, direction: frame.direction, text }];
      let gone = 0;
      while (frames.length - gone > most || letters > mostLetters) {
        letters -= frames[gone]?.text.length ?? 0;
        gone += 1;
      }
      change({ ...state, frames: gone === 0 ? frames : frames.slice(gone) });
    },
    record(on) {
      if (on !== state.recording) change({ ...state, recording: on });
    },
    clear() {
      letters = 0;
      change({ ...state, frames: [] });
    },
  };
};
