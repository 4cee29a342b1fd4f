import type { Code } from "../codes.ts";
import { codes } from "../codes.ts";
import type { ApprovalEntry, Entry, ToolCallEntry, TurnEndEntry } from "../entry.ts";
import type { EscapedText, Moment, TurnFacts } from "../moment.ts";
import { threadId, type Mode, type PayloadType, type Status } from "./shapes.ts";

/** How a subscriber of a channel is spoken to. Made by {@link channelVoice}. */
export interface ChannelVoice {
  readonly channel: string;
  /** It used `id`, `cursor`, `mode` or `history`, so it may be told what part 1 does not know. */
  readonly part2: boolean;
  readonly mode: Mode;
  /** Frames carry `type` beside `channel`. */
  readonly old: boolean;
  /** The beginning of each frame, up to the value of `payload`. */
  readonly head: string;
  readonly thread: string;
}

export const channelVoice = (options: Omit<ChannelVoice, "head" | "thread">): ChannelVoice => {
  const name = JSON.stringify(options.channel);
  return {
    ...options,
    head: `{"channel":${name},${options.old ? `"type":${name},` : ""}"payload":`,
    thread: JSON.stringify(threadId(options.channel)),
  };
};

/** The inside of a JSON string: escaped, without its quotes. Lone surrogates become U+FFFD. */
export const escapeText = (text: string): string => JSON.stringify(text.toWellFormed()).slice(1, -1);

const notes = {
  started: "Assistant is processing your request...",
  responding: "Assistant is responding...",
} as const;

const timeouts: ReadonlySet<Code> = new Set<Code>(["first_event_timeout", "silence_timeout", "turn_timeout"]);

/** What stays the same in all frames of one moment. */
interface Setting {
  readonly voice: ChannelVoice;
  readonly turn: TurnFacts;
  /** The place just after the moment. */
  readonly cursor: string;
  /** The place just before it: what all frames of a moment but its last say, so that a moment cut in two is told again. */
  readonly before: () => string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const tail = (
  { voice, turn, cursor, now }: Setting,
  status: Status,
  type: PayloadType,
  final: boolean | undefined,
): string =>
  `"timestamp":${now / 1000},"status":"${status}","type":"${type}",${final === undefined ? "" : `"final_message":${final},`}` +
  `"message_id":${JSON.stringify(turn.promptId)},"thread_id":${voice.thread},"cursor":"${cursor}"}}`;

/** For a frame that others of the same moment follow. */
const earlier = (setting: Setting): Setting => ({ ...setting, cursor: setting.before() });

const progress = (
  setting: Setting,
  status: Status,
  type: PayloadType,
  message: EscapedText,
  final: boolean | undefined,
  more = "",
): EscapedText => [
  `${setting.voice.head}{"message":"`,
  ...message,
  `",${more}`,
  tail(setting, status, type, final),
];

const deltaFrame = (setting: Setting, delta: EscapedText, offset: number, reset: boolean): EscapedText => [
  `${setting.voice.head}{"delta":"`,
  ...delta,
  `","offset":${offset},${reset ? '"reset":true,' : ""}`,
  tail(setting, "in_progress", "response", false),
];

const entryFrame = (voice: ChannelVoice, entry: Entry, cursor: string): EscapedText => [
  `${voice.head}{"type":"entry","entry":${JSON.stringify(entry)},"cursor":"${cursor}"}}`,
];

const failure = (setting: Setting, entry: TurnEndEntry, final: true | undefined): EscapedText => {
  const code = entry.code ?? "internal";
  const details = JSON.stringify(`${code}: ${entry.detail ?? codes[code].says}`);
  const more = `"error_details":${details},"code":"${code}","retry":${codes[code].retry},`;
  return progress(setting, "error", "error", [escapeText(codes[code].says)], final, more);
};

const endFrames = (setting: Setting, entry: TurnEndEntry, text: EscapedText): readonly EscapedText[] => {
  switch (entry.end) {
    case "completed":
      return [progress(setting, "completed", "response", text, true)];
    case "cancelled":
      if (setting.voice.part2) return [progress(setting, "cancelled", "status", text, true)];
      if (text.every((piece) => piece.length === 0)) return [failure(setting, entry, true)];
      return [progress(setting, "completed", "response", text, true, '"cancelled":true,')];
    case "failed": {
      const end = failure(setting, entry, undefined);
      const code = entry.code ?? "internal";
      if (!timeouts.has(code)) return [end];
      return [progress(earlier(setting), "error", "timeout", [escapeText(codes[code].says)], undefined), end];
    }
  }
};

const growth = (setting: Setting, moment: Extract<Moment, { kind: "text" }>): readonly EscapedText[] => {
  const frames: EscapedText[] = [];
  const delta = setting.voice.mode === "delta";
  if (moment.first) {
    const alone = !delta && moment.ending;
    frames.push(
      progress(alone ? setting : earlier(setting), "responding", "status", [notes.responding], false),
    );
  }
  if (delta) {
    frames.push(deltaFrame(setting, moment.delta(), moment.offset, moment.reset));
  } else if (!moment.ending) {
    // With the end at hand, which repeats all of the text, one more snapshot would only cost bytes.
    frames.push(progress(setting, "in_progress", "response", moment.whole(), false));
  }
  return frames;
};

/** What a call of a tool is doing, or waits for. Part 1 knows of no waiting: to it, a call that waits is one that runs. */
const callFrame = (setting: Setting, call: ToolCallEntry): EscapedText => {
  const { callId, name, progress: line, until, runs } = call;
  const asks = until !== undefined && runs !== "client";
  const doing = asks ? `${line ?? name} (waits for approval)` : (line ?? `Executing ${name}...`);
  const waits = asks && setting.voice.part2;
  const about = waits ? `"tool_call":${toolCall(callId, name, call.arguments, until)},` : "";
  return progress(setting, waits ? "waiting" : "processing", "tool", [escapeText(doing)], false, about);
};

const toolCall = (id: string, name: string, args: string, until: number): string =>
  // What was put before people to be approved is JSON: it was looked at before.
  `{"id":${JSON.stringify(id)},"name":${JSON.stringify(name)},"arguments":${args.trim() === "" ? "{}" : args},"until":${until}}`;

/** After a decision the turn goes on. */
const decisionFrame = (setting: Setting, { name = "the tool", state }: ApprovalEntry): EscapedText => {
  const doing = state === "granted" ? `Executing ${name}...` : `Going on without ${name}...`;
  return progress(setting, "processing", "tool", [escapeText(doing)], false);
};

/** What part 1 is told of a turn that was under way when the reader came. */
const presentFrames = (setting: Setting, calls: readonly ToolCallEntry[] = []): readonly EscapedText[] => {
  const started = calls.length > 0 ? earlier(setting) : setting;
  return [
    progress(started, "started", "status", [notes.started], false),
    ...calls.map((call, i) => callFrame(i === calls.length - 1 ? setting : earlier(setting), call)),
  ];
};

const entryFrames = (setting: Setting, entry: Entry): readonly EscapedText[] => {
  switch (entry.kind) {
    case "prompt":
      return [progress(setting, "started", "status", [notes.started], false)];
    case "tool-call":
      return [callFrame(setting, entry)];
    case "approval":
      return entry.state === "requested" ? [] : [decisionFrame(setting, entry)];
    default:
      return [];
  }
};

/**
 * What happened as frames of the channels wire, each in pieces of JSON text that are to be joined with nothing between.
 * Pure: the same arguments give the same frames.
 *
 * @param cursor the place just after the moment
 * @param now milliseconds since the epoch, for `timestamp`
 * @param before the place just before the moment; asked for only where a moment has several frames
 */
export const renderChannelMoment = (
  moment: Moment,
  voice: ChannelVoice,
  cursor: string,
  now: number,
  before: () => string = () => cursor,
): readonly EscapedText[] => {
  const frames =
    "turn" in moment && moment.turn
      ? progressFrames(moment, { voice, turn: moment.turn, cursor, before, now })
      : [];
  if (!voice.part2 || !("entry" in moment) || ("again" in moment && moment.again)) return frames;
  return [entryFrame(voice, moment.entry, frames.length > 0 ? before() : cursor), ...frames];
};

/** What part 1 is told of a moment. */
const progressFrames = (moment: Moment, setting: Setting): readonly EscapedText[] => {
  switch (moment.kind) {
    case "present":
      return presentFrames(setting, moment.calls);
    case "text":
      return growth(setting, moment);
    case "ended":
      return moment.past ? [] : endFrames(setting, moment.entry, moment.text);
    case "sealed":
      return [];
    case "entry":
      return moment.past ? [] : entryFrames(setting, moment.entry);
  }
};

/** A relayed value as a frame; `json` is its exact text. Only part 2 subscribers are told the cursor. */
export const renderRelay = (json: string, voice: ChannelVoice, cursor: string): EscapedText => [
  voice.head,
  json,
  voice.part2 ? `,"cursor":"${cursor}"}` : "}",
];
