import type { ConversationView } from "@colloquy/client";
import { type JSX, type ReactNode, useEffect } from "react";
import { Icon } from "../parts/icon.tsx";
import type { Desk } from "./desk.ts";
import { Earlier } from "./earlier.tsx";
import type { Rights } from "./rights.ts";
import { Turn } from "./turn.tsx";
import { useReadingPlace } from "./use-reading-place.ts";

interface Props {
  readonly desk: Desk;
  readonly view: ConversationView;
  readonly user: string | undefined;
  readonly connected: boolean;
  readonly rights: Rights;
  /** Older turns cannot be had. */
  readonly closed: boolean;
  /** What stands there while there are no turns. */
  readonly empty: ReactNode;
}

/** The turns of a conversation, oldest first, in a box that scrolls. */
export const TurnList = (props: Props): JSX.Element => {
  const { closed, connected, desk, empty, rights, user, view } = props;
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
          {view.more && last && !closed && <Earlier onLoad={desk.older} />}
          {view.phase === "loading" && !last && !view.error && <p className="loading">Loading…</p>}
          {view.error && !closed && <p className="note note-failed">{view.error.message}</p>}
          {!last && empty}
          {view.turns.map((turn) => (
            <Turn
              key={turn.messageId}
              turn={turn}
              user={user}
              connected={connected}
              onAgain={rights.ask ? desk.again : undefined}
              onCancel={rights.stop(turn) ? desk.stop : undefined}
              onFile={desk.file}
              onDecide={rights.decide(turn) ? desk.decide : undefined}
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
