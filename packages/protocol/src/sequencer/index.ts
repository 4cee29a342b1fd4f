export type { Misfit } from "./fields.ts";
export { parseHeard, type ParsedHeard } from "./parse-heard.ts";
export { parseReply, parseSigned, type ParsedReply } from "./parse-reply.ts";
export {
  historyRow,
  renderBroadcast,
  renderStandDown,
  sequencerName,
  type RenderedBroadcast,
} from "./render-broadcast.ts";
export { renderDecline, renderReply, type NewReply, type RenderedReply } from "./render-reply.ts";
export * from "./shapes.ts";
export { timeOfDay } from "./time-of-day.ts";
export { utf8Length } from "./utf8-length.ts";
