export { createRoomsClient } from "./create-rooms-client.ts";
export type {
  ClientTool,
  ClientTools,
  PresenceView,
  RoomConversation,
  RoomMember,
  RoomOptions,
  RoomPromptOptions,
  RoomSettings,
  RoomView,
  RoomsClient,
  RoomsClientOptions,
  SocketLike,
  SocketMaker,
} from "./rooms-client.ts";
