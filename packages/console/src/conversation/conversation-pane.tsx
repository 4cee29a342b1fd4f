import type { Client } from "@colloquy/client";
import { useConversation } from "@colloquy/client/react";
import { type JSX, useMemo } from "react";
import { type ChannelGrants, namedChannels } from "../session/channel-grants.ts";
import { Elsewhere } from "./elsewhere.tsx";
import { Pane, type PaneSurroundings } from "./pane.tsx";
import { channelRights } from "./rights.ts";

interface Props extends PaneSurroundings {
  readonly client: Client;
  readonly user: string | undefined;
  readonly grants: ChannelGrants | undefined;
}

const history = 60;

/** One channel's conversation. */
export const ConversationPane = ({ client, grants, ...around }: Props): JSX.Element => {
  const { channel, user } = around;
  const { conversation, view } = useConversation(client, channel, { history });
  const rights = useMemo(() => channelRights(grants, channel, user), [grants, channel, user]);
  return (
    <Pane
      {...around}
      client={client}
      conversation={conversation}
      view={view}
      rights={rights}
      audience="Everyone who opens this conversation sees the same answer grow, on every device."
      notAllowed={<p className="note note-failed">You are not allowed to read this conversation.</p>}
      elsewhere={<Elsewhere channels={namedChannels(grants).filter((name) => name !== channel)} />}
    />
  );
};
