import type { Client, ConversationView, TurnError } from "@colloquy/client";
import { type JSX, type ReactNode, useCallback, useEffect } from "react";
import { Composer } from "../composer/composer.tsx";
import { keepDraft } from "../composer/use-draft.ts";
import { ConnectionBar } from "../connection/connection-bar.tsx";
import { useConnection } from "../connection/use-connection.ts";
import { Icon } from "../parts/icon.tsx";
import { refusalOf } from "../session/session-refusal.ts";
import { Announcer } from "./announcer.tsx";
import { type Admission, Barred } from "./barred.tsx";
import type { DeskConversation } from "./desk.ts";
import { EmptyState } from "./empty-state.tsx";
import { ReadOnly } from "./read-only.tsx";
import { readersRights, type Rights } from "./rights.ts";
import { titleOf } from "./title.ts";
import { TurnList } from "./turn-list.tsx";
import { isAnswering, isOpen } from "./turn-words.ts";
import { useDesk } from "./use-desk.ts";
import { useStopKey } from "./use-stop-key.ts";

/** What every pane is told by the page around it. */
export interface PaneSurroundings extends Admission {
  readonly channel: string;
  /** What the list calls it. */
  readonly listedTitle: string | undefined;
  readonly drawerOpen: boolean;
  readonly onOpenDrawer: () => void;
  /** Told whenever the list of conversations may have changed; the same sign again means nothing new. */
  readonly onChange: (sign: string) => void;
  /** Told the code when the conversation may not be read. */
  readonly onRefused: (code: string) => void;
  /** Opens what shows the frames on the wire. */
  readonly inspector: ReactNode;
}

interface Props extends PaneSurroundings {
  readonly client: Pick<Client, "connection" | "onConnection" | "reconnectNow">;
  readonly conversation: DeskConversation | undefined;
  readonly view: ConversationView;
  readonly user: string | undefined;
  readonly rights: Rights;
  /** Who sees what is asked here, in a sentence. */
  readonly audience: string;
  /** What is said to those who are not allowed in, and where else they may go. */
  readonly notAllowed: ReactNode;
  readonly elsewhere?: ReactNode;
  /** What a room has beside its title, below its head, and above the field. */
  readonly beside?: ReactNode;
  readonly below?: ReactNode;
  readonly above?: ReactNode;
  readonly takesFiles?: boolean;
  readonly onTyping?: (() => void) | undefined;
}

/**
 * Whether nothing can be done here. After what may pass the client comes in by itself; who signs in goes on where they were; and a
 * hub without history can be asked.
 */
const isBar = ({ code, retry }: TurnError): boolean =>
  !retry && code !== "not_available" && refusalOf(code) === undefined;

/** What has not gone out will not: it is given back to whoever wrote it. */
const withoutUnsent = (view: ConversationView): ConversationView => ({
  ...view,
  turns: view.turns.filter(
    ({ startedAt, state }) => state !== "sending" && (state !== "cancelled" || startedAt !== undefined),
  ),
});

/** One conversation: its turns, the connection's state when that matters, and the field to ask in. */
export const Pane = (props: Props): JSX.Element => {
  const { client, channel, conversation, drawerOpen, onChange, onRefused, rights, user } = props;
  const { error, phase } = props.view;
  const connection = useConnection(client);
  const desk = useDesk(conversation, channel);
  const connected = connection.phase === "open";
  const barred = error !== undefined && isBar(error);
  const view = barred ? withoutUnsent(props.view) : props.view;
  const answering = !barred && view.turns.some((turn) => isAnswering(turn) && rights.stop(turn));
  const last = view.turns.at(-1);
  const title = titleOf(view) ?? props.listedTitle;
  const stopAnswer = useCallback(() => desk.stopAnswer(rights.stop), [desk, rights]);
  useStopKey(answering && !drawerOpen ? stopAnswer : undefined);

  const sign = `${channel} ${connected} ${last?.turn ?? ""} ${last !== undefined && isOpen(last)}`;
  useEffect(() => onChange(sign), [onChange, sign]);
  const refused = error?.code;
  useEffect(() => {
    if (refused !== undefined) onRefused(refused);
  }, [refused, onRefused]);
  const unsent = props.view.turns.length - view.turns.length;
  useEffect(() => {
    // Let in days later, nobody wants to have asked by that.
    if (barred || unsent > 0) keepDraft(channel, desk.takeBack());
  }, [barred, unsent, channel, desk]);
  useEffect(() => {
    document.title = title === undefined ? "Colloquy" : `${title} · Colloquy`;
  }, [title]);

  const isRoom = props.beside !== undefined;
  const fresh = isRoom ? "New room" : "New conversation";
  const closed = isRoom ? "Room" : "Conversation";
  const bar = barred && (
    <Barred
      error={error}
      notAllowed={props.notAllowed}
      elsewhere={last ? undefined : props.elsewhere}
      attempt={props.attempt}
      onTryAgain={props.onTryAgain}
    />
  );
  const empty = phase === "live" && !error && (
    <EmptyState channel={channel} audience={props.audience} onAsk={rights.ask ? desk.ask : undefined} />
  );
  // Who tries again after a refusal is not shown a field before it is known that they may use it.
  const trying = props.attempt > 0 && phase === "loading";
  return (
    <main className="pane" inert={drawerOpen} data-phase={phase}>
      <header className="pane-head">
        <button
          type="button"
          className="icon-button drawer-only"
          aria-label="Conversations"
          aria-expanded={drawerOpen}
          onClick={props.onOpenDrawer}
        >
          <Icon name="menu" />
        </button>
        <h1 dir="auto">{title ?? (last || barred || !rights.ask ? closed : fresh)}</h1>
        {!barred && props.beside}
        {props.inspector}
        {!barred && props.below}
      </header>
      <ConnectionBar state={connection} onRetry={() => client.reconnectNow()} />
      <TurnList
        desk={desk}
        view={view}
        user={user}
        connected={connected}
        rights={barred ? readersRights : rights}
        closed={barred}
        empty={bar || empty}
      />
      <div className="pane-foot">
        {!barred && !trying && props.above}
        {barred && last && bar}
        {!barred && !trying && !rights.ask && <ReadOnly onStop={answering ? stopAnswer : undefined} />}
        {!barred && !trying && rights.ask && (
          <Composer
            channel={channel}
            answering={answering}
            onAsk={desk.ask}
            onStop={stopAnswer}
            takesFiles={props.takesFiles ?? false}
            onTyping={props.onTyping}
          />
        )}
      </div>
      <Announcer turn={last} />
    </main>
  );
};
