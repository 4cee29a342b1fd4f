import type { TurnView } from "@colloquy/client";
import { type JSX, useEffect, useRef, useState } from "react";
import { announcement } from "./turn-words.ts";

/** Tells screen readers how the newest turn goes on: its beginning and its end, not every word in between. */
export const Announcer = ({ turn }: { readonly turn: TurnView | undefined }): JSX.Element => {
  const [words, setWords] = useState("");
  const before = useRef<TurnView | undefined>(undefined);
  useEffect(() => {
    const last = before.current;
    before.current = turn;
    if (!turn || last?.messageId !== turn.messageId) return;
    const said = announcement(last.state, turn);
    if (said !== undefined) setWords(said);
  }, [turn]);
  return (
    <div className="off-screen" role="status" aria-live="polite">
      {words}
    </div>
  );
};
