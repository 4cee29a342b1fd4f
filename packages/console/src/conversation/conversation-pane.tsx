import type { Client } from "@colloquy/client";
import { useConversation } from "@colloquy/client/react";
import { type JSX, useEffect } from "react";
import { Composer } from "../composer/composer.tsx";
import { ConnectionBar } from "../connection/connection-bar.tsx";
import { useConnection } from "../connection/use-connection.ts";
import { Icon } from "../parts/icon.tsx";
import { Announcer } from "./announcer.tsx";
import { titleOf } from "./title.ts";
import { TurnList } from "./turn-list.tsx";
import { isAnswering } from "./turn-words.ts";
import { useDesk } from "./use-desk.ts";
import { useStopKey } from "./use-stop-key.ts";

interface Props {
  readonly client: Client;
  readonly channel: string;
  /** What the list calls it. */
  readonly listedTitle: string | undefined;
  readonly user: string | undefined;
  readonly drawerOpen: boolean;
  readonly onOpenDrawer: () => void;
  /** Told whenever the list of conversations may have changed; the same sign again means nothing new. */
  readonly onChange: (sign: string) => void;
  /** Told the code when the conversation may not be read. */
  readonly onRefused: (code: string) => void;
}

const history = 60;

/** One conversation: its turns, the connection's state when that matters, and the field to ask in. */
export const ConversationPane = ({
  client,
  channel,
  listedTitle,
  user,
  drawerOpen,
  onOpenDrawer,
  onChange,
  onRefused,
}: Props): JSX.Element => {
  const connection = useConnection(client);
  const { conversation, view } = useConversation(client, channel, { history });
  const desk = useDesk(conversation, channel);
  const connected = connection.phase === "open";
  const answering = view.turns.some(isAnswering);
  const last = view.turns.at(-1);
  const title = titleOf(view) ?? listedTitle;
  useStopKey(answering && !drawerOpen ? desk.stopAnswer : undefined);

  const sign = `${channel} ${connected} ${last?.turn ?? ""} ${last?.state === "completed"}`;
  useEffect(() => onChange(sign), [onChange, sign]);
  const refused = view.error?.code;
  useEffect(() => {
    if (refused !== undefined) onRefused(refused);
  }, [refused, onRefused]);
  useEffect(() => {
    document.title = title === undefined ? "Colloquy" : `${title} · Colloquy`;
  }, [title]);

  return (
    <main className="pane" inert={drawerOpen} data-phase={view.phase}>
      <header className="pane-head">
        <button
          type="button"
          className="icon-button drawer-only"
          aria-label="Conversations"
          aria-expanded={drawerOpen}
          onClick={onOpenDrawer}
        >
          <Icon name="menu" />
        </button>
        <h1 dir="auto">{title ?? (last ? "Conversation" : "New conversation")}</h1>
      </header>
      <ConnectionBar state={connection} onRetry={() => client.reconnectNow()} />
      <TurnList channel={channel} desk={desk} view={view} user={user} connected={connected} />
      <Composer channel={channel} answering={answering} onAsk={desk.ask} onStop={desk.stopAnswer} />
      <Announcer turn={last} />
    </main>
  );
};
