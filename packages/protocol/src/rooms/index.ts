export * from "./client-shapes.ts";
export * from "./message-id.ts";
export * from "./message-shapes.ts";
export * from "./refused.ts";
export * from "./render.ts";
export * from "./room-voice.ts";
export * from "./room-command.ts";
export * from "./shapes.ts";
