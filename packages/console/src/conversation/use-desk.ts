import { useEffect, useMemo } from "react";
import { createDesk, type Desk, type DeskConversation } from "./desk.ts";
import { createOutbox } from "./outbox.ts";

/** A desk for a conversation; `name` is what its outbox is kept under. Prompts that a reload interrupted are taken up again. */
export const useDesk = (conversation: DeskConversation | undefined, name: string): Desk => {
  const outbox = useMemo(() => createOutbox(name), [name]);
  const desk = useMemo(() => createDesk(conversation, outbox), [conversation, outbox]);
  useEffect(() => desk.resume(), [desk]);
  return desk;
};
