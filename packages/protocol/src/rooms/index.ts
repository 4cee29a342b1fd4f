export * from "./client-shapes.ts";
export * from "./message-id.ts";
export * from "./message-shapes.ts";
export * from "./refused.ts";
export * from "./shapes.ts";
