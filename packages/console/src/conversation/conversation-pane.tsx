import type { Client } from "@colloquy/client";
import { useConversation } from "@colloquy/client/react";
import type { JSX } from "react";
import { Pane, type PaneSurroundings } from "./pane.tsx";

interface Props extends PaneSurroundings {
  readonly client: Client;
  readonly user: string | undefined;
}

const history = 60;

/** One channel's conversation. */
export const ConversationPane = ({ client, ...around }: Props): JSX.Element => {
  const { conversation, view } = useConversation(client, around.channel, { history });
  return <Pane {...around} client={client} conversation={conversation} view={view} mayDecide />;
};
