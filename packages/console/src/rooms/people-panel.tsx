import type { RoomConversation, RoomView } from "@colloquy/client/rooms";
import { type FormEvent, type JSX, useState } from "react";
import { Icon } from "../parts/icon.tsx";
import { peopleOf, type RoleName, roleNames } from "./people.ts";

interface Props {
  readonly id: string;
  readonly conversation: RoomConversation | undefined;
  readonly room: RoomView | undefined;
  readonly here: readonly string[];
  readonly user: string | undefined;
  readonly onClose: () => void;
}

/** Who is in the room, who may come in, and a way to let somebody in. */
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
      {room?.role === "owner" && <Invite conversation={conversation} />}
      <button type="button" className="icon-button" aria-label="Close the list of people" onClick={onClose}>
        <Icon name="close" />
      </button>
    </section>
  );
};

const Invite = ({ conversation }: Pick<Props, "conversation">): JSX.Element => {
  const [name, setName] = useState("");
  const [role, setRole] = useState<RoleName>("writer");
  const [said, setSaid] = useState<{ readonly words: string; readonly failed: boolean }>();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const invited = name.trim();
    if (invited === "") return;
    try {
      await conversation?.invite(invited, role);
      setName("");
      setSaid({ words: `${invited} may come in.`, failed: false });
    } catch (error) {
      setSaid({ words: error instanceof Error ? error.message : String(error), failed: true });
    }
  };
  return (
    <form className="invite" onSubmit={(event) => void submit(event)}>
      <input
        aria-label="User id to invite"
        placeholder="User id"
        autoComplete="off"
        spellCheck={false}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <select
        aria-label="What they may do"
        value={role}
        onChange={(event) => setRole(roleNames.find((one) => one === event.target.value) ?? "writer")}
      >
        <option value="writer">writes and approves</option>
        <option value="reader">reads</option>
        <option value="owner">owns</option>
      </select>
      <button type="submit" className="plain-button" disabled={name.trim() === ""}>
        Invite
      </button>
      {said && (
        <p
          className="invite-said"
          role={said.failed ? "alert" : "status"}
          data-failed={said.failed || undefined}
        >
          {said.words}
        </p>
      )}
    </form>
  );
};
