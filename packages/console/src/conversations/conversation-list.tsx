import { channelOfConversation } from "@colloquy/client";
import type { JSX } from "react";
import { relativeTime } from "../clock/relative-time.ts";
import { useNow } from "../clock/use-now.ts";
import { Icon } from "../parts/icon.tsx";
import { chatOf, hashOf } from "../route/route.ts";
import type { IndexState } from "./conversation-index.ts";

interface Props {
  readonly list: IndexState;
  /** The conversation that is open. */
  readonly channel: string | undefined;
  readonly onMore: () => void;
  readonly onOpen: () => void;
}

const emptyWords = ({ phase, query }: IndexState): string => {
  if (phase === "loading") return "";
  if (phase === "failed") return "The list could not be loaded.";
  return query.trim() !== "" ? "Nothing found." : "What you ask will be kept here.";
};

/** Links to conversations with their titles and when they last changed. */
export const ConversationList = ({ list, channel, onMore, onOpen }: Props): JSX.Element => {
  const now = useNow(60_000);
  if (list.items.length === 0) return <p className="list-empty">{emptyWords(list)}</p>;
  return (
    <ul className="conversation-list">
      {list.items.map(({ id, title, updatedAt }) => {
        const theirs = channelOfConversation(id);
        return (
          <li key={id}>
            <a href={hashOf(theirs)} aria-current={theirs === channel ? "page" : undefined} onClick={onOpen}>
              {chatOf(theirs) !== undefined && (
                <>
                  <Icon name="people" />
                  <span className="off-screen">Room: </span>
                </>
              )}
              <span className="conversation-title" dir="auto">
                {title === "" ? "Untitled" : title}
              </span>
              <time dateTime={new Date(updatedAt).toISOString()} title={new Date(updatedAt).toLocaleString()}>
                {relativeTime(updatedAt, now)}
              </time>
            </a>
          </li>
        );
      })}
      {list.next !== undefined && (
        <li>
          <button type="button" className="link-button" onClick={onMore}>
            Show more
          </button>
        </li>
      )}
    </ul>
  );
};
