import type { ClientFrame } from "@colloquy/protocol/channels";
import type { About } from "./answers.ts";

/** What a refusal of this frame is about. */
export const aboutOf = (frame: ClientFrame): About => ({
  ...("channel" in frame && { channel: frame.channel }),
  ...(frame.id !== undefined && { id: frame.id }),
  ...("messageId" in frame && frame.messageId !== undefined && { messageId: frame.messageId }),
});
