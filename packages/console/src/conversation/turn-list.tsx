import type { ConversationView, TurnError } from "@colloquy/client";
import { type JSX, useEffect } from "react";
import { Icon } from "../parts/icon.tsx";
import type { Desk } from "./desk.ts";
import { Earlier } from "./earlier.tsx";
import { EmptyState } from "./empty-state.tsx";
import { Turn } from "./turn.tsx";
import { useReadingPlace } from "./use-reading-place.ts";

interface Props {
  readonly channel: string;
  readonly desk: Desk;
  readonly view: ConversationView;
  readonly user: string | undefined;
  readonly connected: boolean;
  /** Whether one may decide about calls here, as far as the page knows; the server has the last word. */
  readonly mayDecide: boolean;
}

const readingFault = ({ code, message }: TurnError): string =>
  code === "not_allowed" ? "You are not allowed to read this conversation." : message;

/** The turns of a conversation, oldest first, in a box that scrolls. */
export const TurnList = ({ channel, desk, view, user, connected, mayDecide }: Props): JSX.Element => {
  const { box, atEnd, toEnd } = useReadingPlace();
  const last = view.turns.at(-1);
  const sending = last?.state === "sending" ? last.messageId : undefined;
  useEffect(() => {
    // Who asks wants to see the answer.
    if (sending !== undefined) toEnd();
  }, [sending, toEnd]);
  return (
    <div className="turn-frame">
      <div
        ref={box}
        className="turn-scroller"
        role="log"
        aria-live="off"
        aria-label="Conversation"
        tabIndex={0}
      >
        <div className="turns">
          {view.more && last && <Earlier onLoad={desk.older} />}
          {view.phase === "loading" && !last && !view.error && <p className="loading">Loading…</p>}
          {view.error && <p className="note note-failed">{readingFault(view.error)}</p>}
          {!last && !view.error && view.phase === "live" && <EmptyState channel={channel} onAsk={desk.ask} />}
          {view.turns.map((turn) => (
            <Turn
              key={turn.messageId}
              turn={turn}
              user={user}
              connected={connected}
              onAgain={desk.again}
              onCancel={desk.stop}
              onFile={desk.file}
              onDecide={mayDecide ? desk.decide : undefined}
            />
          ))}
        </div>
      </div>
      {!atEnd && (
        <button type="button" className="to-newest" onClick={toEnd}>
          <Icon name="down" />
          Newest
        </button>
      )}
    </div>
  );
};
