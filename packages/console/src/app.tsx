import { type JSX, useSyncExternalStore } from "react";
import { ConversationPane } from "./conversation/conversation-pane.tsx";
import { Sidebar } from "./conversations/sidebar.tsx";
import { titleIn } from "./conversations/conversation-index.ts";
import { useIndex } from "./conversations/use-index.ts";
import { useChannel } from "./route/use-channel.ts";
import type { Session } from "./session/session.ts";
import { SignIn } from "./session/sign-in.tsx";
import { useDrawer } from "./use-drawer.ts";

const sidebarId = "sidebar";

/** The whole page: the list of conversations and the one that the address names, or the sign-in. */
export const App = ({ session }: { readonly session: Session }): JSX.Element => {
  const { client, user, signedIn, refusal } = useSyncExternalStore(session.subscribe, session.state);
  const channel = useChannel();
  const drawer = useDrawer(sidebarId);
  const [list, index] = useIndex(client);

  if (refusal) return <SignIn refusal={refusal} onToken={session.signIn} />;
  return (
    <div className="shell" data-drawer={drawer.open ? "open" : "closed"}>
      <Sidebar
        id={sidebarId}
        list={list}
        index={index}
        channel={channel}
        onClose={drawer.hide}
        account={signedIn ? { user: user ?? "Signed in", signOut: session.signOut } : undefined}
      />
      <div className="curtain" onClick={drawer.hide} />
      {channel !== undefined && (
        <ConversationPane
          key={channel}
          client={client}
          channel={channel}
          listedTitle={titleIn(list, channel)}
          user={user}
          drawerOpen={drawer.open}
          onOpenDrawer={drawer.show}
          onChange={index.changed}
          onRefused={session.refused}
        />
      )}
    </div>
  );
};
