import { type JSX, useState, useSyncExternalStore } from "react";
import { ConversationPane } from "./conversation/conversation-pane.tsx";
import { Sidebar } from "./conversations/sidebar.tsx";
import { titleIn } from "./conversations/conversation-index.ts";
import { useIndex } from "./conversations/use-index.ts";
import type { FrameLog } from "./inspector/frame-log.ts";
import { Inspector } from "./inspector/inspector.tsx";
import { InspectorButton } from "./inspector/inspector-button.tsx";
import { RoomPane } from "./rooms/room-pane.tsx";
import { chatOf } from "./route/route.ts";
import { firstChannel, mayBegin } from "./route/first-channel.ts";
import { useChannel } from "./route/use-channel.ts";
import type { Session } from "./session/session.ts";
import { SignIn } from "./session/sign-in.tsx";
import { useAttempt } from "./use-attempt.ts";
import { useDrawer } from "./use-drawer.ts";

interface Props {
  readonly session: Session;
  readonly log: FrameLog;
}

const sidebarId = "sidebar";

/** The whole page: the list of conversations and the one that the address names, or the sign-in. */
export const App = ({ session, log }: Props): JSX.Element => {
  const { client, rooms, offer, user, grants, signedIn, refusal } = useSyncExternalStore(
    session.subscribe,
    session.state,
  );
  const channel = useChannel(() => firstChannel(grants));
  const [attempt, tryAgain] = useAttempt(channel);
  const drawer = useDrawer(sidebarId);
  const [list, index] = useIndex(client);
  const [inspecting, setInspecting] = useState(false);

  if (refusal) return <SignIn refusal={refusal} onToken={session.signIn} />;
  const around = channel !== undefined && {
    channel,
    listedTitle: titleIn(list, channel),
    user,
    attempt,
    onTryAgain: tryAgain,
    drawerOpen: drawer.open,
    onOpenDrawer: drawer.show,
    onChange: index.changed,
    onRefused: session.refused,
    inspector: <InspectorButton open={inspecting} onToggle={() => setInspecting(!inspecting)} />,
  };
  // A pane of its own for each try: what was refused is let go of and asked for anew.
  const entry = `${attempt} ${channel ?? ""}`;
  return (
    <div
      className="shell"
      data-drawer={drawer.open ? "open" : "closed"}
      data-inspecting={inspecting || undefined}
    >
      <Sidebar
        id={sidebarId}
        list={list}
        index={index}
        channel={channel}
        mayBegin={mayBegin(grants)}
        onClose={drawer.hide}
        account={signedIn ? { user: user ?? "Signed in", signOut: session.signOut } : undefined}
      />
      <div className="curtain" onClick={drawer.hide} />
      {around &&
        (chatOf(around.channel) === undefined ? (
          <ConversationPane key={entry} client={client} grants={grants} {...around} />
        ) : (
          <RoomPane key={entry} rooms={rooms} loadOffer={offer} {...around} />
        ))}
      {inspecting && <Inspector log={log} onClose={() => setInspecting(false)} />}
    </div>
  );
};
