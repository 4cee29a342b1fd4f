export * from "./message-id.ts";
