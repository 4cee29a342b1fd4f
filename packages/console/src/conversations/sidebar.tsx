import type { JSX } from "react";
import { Icon } from "../parts/icon.tsx";
import { freshRoom } from "../rooms/fresh-room.ts";
import { openNewConversation, openRoom } from "../route/use-channel.ts";
import { ThemeButton } from "../theme/theme-button.tsx";
import type { ConversationIndex, IndexState } from "./conversation-index.ts";
import { ConversationList } from "./conversation-list.tsx";

interface Props {
  readonly id: string;
  readonly list: IndexState;
  readonly index: ConversationIndex;
  readonly channel: string | undefined;
  /** Whether one may begin conversations on channels. */
  readonly mayBegin: boolean;
  readonly onClose: () => void;
  /** Who is signed in, and how to stop that. */
  readonly account?: { readonly user: string; readonly signOut: () => void } | undefined;
}

/** The conversations, a way to find one and a way to begin one. */
export const Sidebar = ({ id, list, index, channel, mayBegin, onClose, account }: Props): JSX.Element => {
  const begin = (open: () => void) => (): void => {
    open();
    onClose();
  };
  return (
    <nav className="sidebar" id={id} tabIndex={-1} aria-label="Conversations">
      <div className="sidebar-head">
        <span className="brand">Colloquy</span>
        <ThemeButton />
        <button
          type="button"
          className="icon-button drawer-only"
          aria-label="Close the list"
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      </div>
      {mayBegin && (
        <button type="button" className="new-conversation" onClick={begin(openNewConversation)}>
          <Icon name="plus" />
          New conversation
        </button>
      )}
      <button type="button" className="new-conversation" onClick={begin(() => openRoom(freshRoom()))}>
        <Icon name="people" />
        New room
      </button>
      <div className="search">
        <Icon name="search" />
        <input
          type="search"
          aria-label="Search conversations"
          placeholder="Search"
          value={list.query}
          onChange={(event) => index.search(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Escape" || list.query === "") return;
            // Here it clears the search; elsewhere it stops an answer.
            event.preventDefault();
            index.search("");
          }}
        />
      </div>
      <div className="sidebar-scroller">
        <ConversationList list={list} channel={channel} onMore={index.more} onOpen={onClose} />
      </div>
      {account && (
        <div className="account">
          <span title={account.user}>{account.user}</span>
          <button
            type="button"
            className="icon-button"
            title="Sign out"
            aria-label="Sign out"
            onClick={account.signOut}
          >
            <Icon name="leave" />
          </button>
        </div>
      )}
    </nav>
  );
};
