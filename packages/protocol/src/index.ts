export * from "./codes.ts";
export * from "./command.ts";
export * from "./cursor.ts";
export * from "./entry.ts";
export * from "./limits.ts";
export * from "./moment.ts";
