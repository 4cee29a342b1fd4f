import type { RoomConversation } from "@colloquy/client/rooms";
import { type FormEvent, type JSX, useState } from "react";
import { type RoleName, roleNames } from "./people.ts";

interface Props {
  readonly conversation: RoomConversation | undefined;
}

/** Lets somebody in, by their user id. */
export const Invite = ({ conversation }: Props): JSX.Element => {
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
