import type { RoomConversation, RoomView } from "@colloquy/client/rooms";
import { type JSX, useState } from "react";

interface Props {
  readonly conversation: RoomConversation | undefined;
  readonly room: RoomView;
}

/** Whether every tool waits for an approval in this room. */
export const AskFirst = ({ conversation, room }: Props): JSX.Element => {
  const [fault, setFault] = useState<string>();
  /** What was chosen, until the server has said whether that holds. */
  const [wanted, setWanted] = useState<boolean>();
  const change = async (askFirst: boolean): Promise<void> => {
    setWanted(askFirst);
    try {
      await conversation?.configure({ autoExecute: !askFirst });
      setFault(undefined);
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
    }
    setWanted(undefined);
  };
  return (
    <label className="ask-first">
      <input
        type="checkbox"
        checked={wanted ?? room.settings?.autoExecute === false}
        onChange={(event) => void change(event.target.checked)}
      />
      <span>Ask before every tool</span>
      {fault !== undefined && (
        <span className="call-fault" role="alert">
          {fault}
        </span>
      )}
    </label>
  );
};
