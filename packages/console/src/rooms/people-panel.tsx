import type { RoomConversation, RoomView } from "@colloquy/client/rooms";
import type { JSX } from "react";
import { Icon } from "../parts/icon.tsx";
import { AskFirst } from "./ask-first.tsx";
import { Invite } from "./invite.tsx";
import { peopleOf } from "./people.ts";

interface Props {
  readonly id: string;
  readonly conversation: RoomConversation | undefined;
  readonly room: RoomView | undefined;
  readonly here: readonly string[];
  readonly user: string | undefined;
  readonly onClose: () => void;
}

/** Who is in the room and who may come in; for its owner also a way to let somebody in, and what is asked before tools run. */
export const PeoplePanel = ({ id, conversation, room, here, user, onClose }: Props): JSX.Element => {
  const people = peopleOf(here, room?.members ?? [], user);
  return (
    <section
      className="people"
      id={id}
      aria-label="People of this room"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        // Elsewhere it stops an answer.
        event.preventDefault();
        event.stopPropagation();
        onClose();
      }}
    >
      <ul>
        {people.map(({ name, words, isHere }) => (
          <li key={name} data-here={isHere || undefined}>
            <span className="person-name" dir="auto">
              {name}
            </span>
            <span className="person-words">{words}</span>
          </li>
        ))}
      </ul>
      {room?.role === "owner" && (
        <div className="room-owner">
          <Invite conversation={conversation} />
          <AskFirst conversation={conversation} room={room} />
        </div>
      )}
      <button type="button" className="icon-button" aria-label="Close the list of people" onClick={onClose}>
        <Icon name="close" />
      </button>
    </section>
  );
};
