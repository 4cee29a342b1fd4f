import type { Client, ConversationView } from "@colloquy/client";
import { type JSX, type ReactNode, useEffect } from "react";
import { Composer } from "../composer/composer.tsx";
import { ConnectionBar } from "../connection/connection-bar.tsx";
import { useConnection } from "../connection/use-connection.ts";
import { Icon } from "../parts/icon.tsx";
import { Announcer } from "./announcer.tsx";
import type { DeskConversation } from "./desk.ts";
import { titleOf } from "./title.ts";
import { TurnList } from "./turn-list.tsx";
import { isAnswering, isOpen } from "./turn-words.ts";
import { useDesk } from "./use-desk.ts";
import { useStopKey } from "./use-stop-key.ts";

/** What every pane is told by the page around it. */
export interface PaneSurroundings {
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
  readonly mayDecide: boolean;
  /** What a room has beside its title, below its head, and above the field. */
  readonly beside?: ReactNode;
  readonly below?: ReactNode;
  readonly above?: ReactNode;
  readonly takesFiles?: boolean;
  readonly onTyping?: (() => void) | undefined;
}

/** One conversation: its turns, the connection's state when that matters, and the field to ask in. */
export const Pane = (props: Props): JSX.Element => {
  const { client, channel, conversation, drawerOpen, onChange, onRefused, user, view } = props;
  const connection = useConnection(client);
  const desk = useDesk(conversation, channel);
  const connected = connection.phase === "open";
  const answering = view.turns.some(isAnswering);
  const last = view.turns.at(-1);
  const title = titleOf(view) ?? props.listedTitle;
  useStopKey(answering && !drawerOpen ? desk.stopAnswer : undefined);

  const sign = `${channel} ${connected} ${last?.turn ?? ""} ${last !== undefined && isOpen(last)}`;
  useEffect(() => onChange(sign), [onChange, sign]);
  const refused = view.error?.code;
  useEffect(() => {
    if (refused !== undefined) onRefused(refused);
  }, [refused, onRefused]);
  useEffect(() => {
    document.title = title === undefined ? "Colloquy" : `${title} · Colloquy`;
  }, [title]);

  const fresh = props.beside === undefined ? "New conversation" : "New room";
  return (
    <main className="pane" inert={drawerOpen} data-phase={view.phase}>
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
        <h1 dir="auto">{title ?? (last ? "Conversation" : fresh)}</h1>
        {props.beside}
        {props.inspector}
        {props.below}
      </header>
      <ConnectionBar state={connection} onRetry={() => client.reconnectNow()} />
      <TurnList
        channel={channel}
        desk={desk}
        view={view}
        user={user}
        connected={connected}
        mayDecide={props.mayDecide}
      />
      <div className="pane-foot">
        {props.above}
        <Composer
          channel={channel}
          answering={answering}
          onAsk={desk.ask}
          onStop={desk.stopAnswer}
          takesFiles={props.takesFiles ?? false}
          onTyping={props.onTyping}
        />
      </div>
      <Announcer turn={last} />
    </main>
  );
};
