export { parseServerFrame } from "./parse-server-frame.ts";
export { parseWorkerFrame, type ParsedWorkerFrame } from "./parse-worker-frame.ts";
export * from "./shapes.ts";
