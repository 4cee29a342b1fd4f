import type { TurnView } from "@colloquy/client";
import { type JSX, memo } from "react";
import { AnswerBody } from "./answer-body.tsx";
import { ContestLine } from "./contest-line.tsx";
import type { Desk } from "./desk.ts";
import { ProgressLine } from "./progress-line.tsx";
import { PromptBubble } from "./prompt-bubble.tsx";
import { Replies } from "./replies.tsx";
import type { Decide } from "./tool-call.tsx";
import { TurnFooter } from "./turn-footer.tsx";
import { isOpen, progressWords } from "./turn-words.ts";

interface Props {
  readonly turn: TurnView;
  /** The name under which this page asks. */
  readonly user: string | undefined;
  readonly connected: boolean;
  /** Undefined for those who may not ask here. */
  readonly onAgain: ((turn: TurnView) => void) | undefined;
  /** Undefined for those who may not stop this turn. */
  readonly onCancel: ((turn: TurnView) => void) | undefined;
  /** Gets a file whose data did not come along; undefined where there are none. */
  readonly onFile: Desk["file"];
  /** Undefined for those who may not decide about this turn's calls. */
  readonly onDecide: Decide | undefined;
}

/** A prompt and its answer. Rendered again only when something in it changed. */
export const Turn = memo((props: Props): JSX.Element => {
  const { turn, user, connected, onAgain, onCancel, onDecide, onFile } = props;
  const foreign = turn.author !== undefined && user !== undefined && turn.author !== user;
  const progress = progressWords(turn, connected);
  const mayWithdraw = turn.state === "queued" || (turn.state === "sending" && !connected);
  return (
    <article
      className="turn"
      data-message-id={turn.messageId}
      data-state={turn.state}
      aria-busy={isOpen(turn)}
    >
      <h2 className="off-screen">{foreign ? `${turn.author ?? ""} asked` : "You asked"}</h2>
      {turn.prompt !== undefined && (
        <PromptBubble
          messageId={turn.messageId}
          text={turn.prompt}
          author={foreign ? turn.author : undefined}
          files={turn.files}
          onFile={onFile}
        />
      )}
      <div className="answer">
        {turn.reasoning !== undefined && turn.reasoning !== "" && (
          <details className="reasoning">
            <summary>Thoughts</summary>
            <div dir="auto">{turn.reasoning}</div>
          </details>
        )}
        <AnswerBody turn={turn} onDecide={onDecide} />
        {turn.replies && <Replies replies={turn.replies} />}
        {progress !== undefined && (
          <ProgressLine
            turn={turn}
            words={progress}
            onCancel={mayWithdraw && onCancel ? () => onCancel(turn) : undefined}
          />
        )}
        {turn.contest && !isOpen(turn) && <ContestLine contest={turn.contest} />}
        {!isOpen(turn) && <TurnFooter turn={turn} onAgain={onAgain} />}
      </div>
    </article>
  );
});
