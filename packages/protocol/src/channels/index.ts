export * from "./render.ts";
export * from "./shapes.ts";
