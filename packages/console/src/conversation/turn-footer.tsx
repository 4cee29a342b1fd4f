import type { TurnView } from "@colloquy/client";
import type { JSX } from "react";
import { CopyButton } from "../parts/copy-button.tsx";
import { Icon } from "../parts/icon.tsx";
import { endWords, metaWords } from "./turn-words.ts";

interface Props {
  readonly turn: TurnView;
  /** Asks the same once more; undefined for those who may not. */
  readonly onAgain: ((turn: TurnView) => void) | undefined;
}

/** Below a turn that has ended: what went wrong, copy, ask again, and discreetly what it took. */
export const TurnFooter = ({ turn, onAgain }: Props): JSX.Element => {
  const words = endWords(turn);
  const meta = metaWords(turn);
  const when = turn.endedAt ?? turn.startedAt;
  const again = turn.state !== "completed" && turn.prompt !== undefined && onAgain;
  return (
    <>
      {words !== undefined && (
        <p
          className={turn.state === "cancelled" || turn.state === "completed" ? "note" : "note note-failed"}
          title={turn.error?.code}
        >
          {words}
        </p>
      )}
      <div className="turn-footer">
        {turn.text !== "" && <CopyButton text={turn.text} what="answer" />}
        {again && (
          <button type="button" className="quiet-button" onClick={() => again(turn)}>
            <Icon name="retry" />
            <span>Try again</span>
          </button>
        )}
        <span className="meta">
          {meta.join(" · ")}
          {when !== undefined && (
            <time dateTime={new Date(when).toISOString()} title={new Date(when).toLocaleString()}>
              {new Date(when).toLocaleTimeString([], { hour: "numeric", minute: "2-digit" })}
            </time>
          )}
        </span>
      </div>
    </>
  );
};
