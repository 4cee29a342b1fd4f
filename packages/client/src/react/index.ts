export { createFrameNotifier, type Schedule } from "./frame-notifier.ts";
export type { ConversationSource, HeldConversation } from "./hold-conversation.ts";
export { useConversation } from "./use-conversation.ts";
export { usePresence, useRoom } from "./use-presence.ts";
