import { codes } from "../codes.ts";
import type { Entry, ToolCallEntry, TurnEndEntry } from "../entry.ts";
import type { EscapedText, Moment } from "../moment.ts";
import { callData, errorData, resultData, tokenUsage, userData } from "./message-data.ts";
import { answerIdOf, authorOf, messageIdOf } from "./message-id.ts";
import type { RoomEvent, RoomVoice } from "./room-voice.ts";
import { escapeText, lengthOf, startOf } from "./escaped-text.ts";
import type { ToldFile } from "./message-shapes.ts";

type Told<K extends Moment["kind"]> = Extract<Moment, { kind: K }>;

/** What stays the same in all events of one moment. */
interface Setting {
  readonly voice: RoomVoice;
  /** The place just after the moment. */
  readonly cursor: string;
  /** The place just before it: what all events of a moment but its last say, so that a moment cut in two is told again. */
  readonly before: () => string;
}

const earlier = (setting: Setting): Setting => ({ ...setting, cursor: setting.before() });

/** An event of JSON members; the cursor comes last. */
const event = ({ voice, cursor }: Setting, head: string, members: string): RoomEvent => ({
  name: `${head} ${voice.roomId}`,
  payload: [`{${members},"cursor":"${cursor}"}`],
});

const received = (setting: Setting, type: string, data: object, past: boolean): RoomEvent =>
  event(
    setting,
    "receive_message",
    `"type":"${type}","data":${JSON.stringify(data)}${past ? ',"past":true' : ""}`,
  );

const messageId = ({ voice }: Setting, turn: number): string =>
  JSON.stringify(answerIdOf(voice.roomId, turn));

const streamStart = (setting: Setting, turn: number): RoomEvent =>
  event(setting, "stream_start", `"message_id":${messageId(setting, turn)}`);

const chunk = (
  setting: Setting,
  turn: number,
  content: EscapedText,
  place: { readonly offset: number; readonly reset?: boolean; readonly done?: boolean },
): RoomEvent => ({
  name: `stream_chunk ${setting.voice.roomId}`,
  payload: [
    `{"message_id":${messageId(setting, turn)},"content":"`,
    ...content,
    `","done":${place.done === true},"offset":${place.offset},${place.reset ? '"reset":true,' : ""}"cursor":"${setting.cursor}"}`,
  ],
});

/**
 * Pages of part 1 know no resets: what they stream into is begun anew, and gets the text that is kept and what is new as one
 * chunk.
 */
const grown = (setting: Setting, moment: Told<"text">): readonly RoomEvent[] => {
  const { turn, offset, reset } = moment;
  if (!reset || setting.voice.part2) return [chunk(setting, turn.turn, moment.delta(), { offset, reset })];
  const content = [...startOf(moment.whole(), offset), ...moment.delta()];
  return [streamStart(earlier(setting), turn.turn), chunk(setting, turn.turn, content, { offset: 0, reset })];
};

const answered = (setting: Setting, moment: Told<"ended"> | Told<"sealed">): RoomEvent => {
  const { entry, past } = moment;
  const head = JSON.stringify({
    id: answerIdOf(setting.voice.roomId, entry.turn),
    model_id: entry.kind === "turn-end" ? (entry.model ?? "") : "",
    role: "assistant",
    type: "message",
    modality: "text",
    created_timestamp: new Date(entry.at).toISOString(),
    token_usage: entry.kind === "turn-end" ? tokenUsage(entry.usage) : null,
    stop_reason: entry.kind === "turn-end" ? stopReasons[entry.end] : null,
    ...(entry.kind === "answer" && { offset: entry.offset }),
    ...(entry.kind === "turn-end" && entry.end === "failed" && { code: entry.code ?? "internal" }),
  });
  const text =
    entry.kind === "answer" ? [escapeText(entry.text)] : moment.kind === "ended" ? moment.text : [];
  return {
    name: `receive_message ${setting.voice.roomId}`,
    payload: [
      `{"type":"sbaw.text_message.assistant","data":${head.slice(0, -1)},"content":"`,
      ...text,
      `"}${past ? ',"past":true' : ""},"cursor":"${setting.cursor}"}`,
    ],
  };
};

const stopReasons = { completed: "stop", cancelled: "cancelled", failed: "error" } as const;

const failed = (setting: Setting, entry: TurnEndEntry, promptId: string): readonly RoomEvent[] => {
  const { voice } = setting;
  const code = entry.code ?? "internal";
  const refused = JSON.stringify({ error: codes[code].says, code, retry: codes[code].retry }).slice(1, -1);
  const ids = `"message_id":${messageId(setting, entry.turn)}`;
  return [
    received(setting, "sbaw.error", errorData(voice.roomId, entry), false),
    {
      name: "message_error",
      payload: [
        `{${refused},${ids},"client_message_id":${JSON.stringify(messageIdOf(promptId, authorOf(promptId)))}}`,
      ],
    },
    { name: "error", payload: [`{${refused}}`] },
    event(setting, "stream_error", `${ids},${refused}`),
  ];
};

const ended = (setting: Setting, moment: Told<"ended">): readonly RoomEvent[] => {
  const { entry, text, turn } = moment;
  if (moment.past) return [answered(setting, moment)];
  const place = earlier(setting);
  return [
    chunk(place, entry.turn, [], { offset: lengthOf(text), done: true }),
    ...(entry.end === "failed"
      ? failed(place, entry, turn.promptId)
      : [event(place, "stream_end", `"message_id":${messageId(place, entry.turn)}`)]),
    answered(setting, moment),
  ];
};

/** What a page shows while files are made ready for a model. */
export const fileEvents = (files: readonly Pick<ToldFile, "name">[]): readonly RoomEvent[] => [
  {
    name: "processing_files",
    payload: [
      JSON.stringify({
        message: files.length === 1 ? "Processing 1 file..." : `Processing ${files.length} files...`,
        file_count: files.length,
      }),
    ],
  },
  ...files.map(({ name }) => ({
    name: "sbaw.processing_file",
    payload: [
      JSON.stringify({ type: "convert_to_text_for_llm", message: `Processing ${name}...`, filename: name }),
    ],
  })),
];

const prompted = (
  setting: Setting,
  entry: Extract<Entry, { kind: "prompt" }>,
  past: boolean,
): readonly RoomEvent[] => {
  const { part2 } = setting.voice;
  const tellsMore = part2 && !past;
  const data = userData(entry);
  const told = received(tellsMore ? earlier(setting) : setting, "sbaw.text_message.user", data, past);
  const files = entry.files && !past ? fileEvents(entry.files) : [];
  if (!tellsMore) return [...files, told];
  const ids = `"message_id":${messageId(setting, entry.n)},"client_message_id":${JSON.stringify(data.id)}`;
  return [told, ...files, event(setting, "turn_queued", ids)];
};

const called = (
  setting: Setting,
  entry: ToolCallEntry,
  promptId: string,
  past: boolean,
): readonly RoomEvent[] => {
  const data = callData(setting.voice.roomId, entry);
  const told = received(setting, "sbaw.function_call", data, past);
  const to = authorOf(promptId);
  if (past || entry.runs !== "client" || to === "") return [told];
  const members = `"function_name":${JSON.stringify(entry.name)},"arguments":${JSON.stringify(data.arguments)},"call_id":${JSON.stringify(entry.callId)}`;
  return [{ ...event(earlier(setting), "function_call", members), to }, told];
};

const decided = (
  setting: Setting,
  entry: Extract<Entry, { kind: "approval" }>,
  past: boolean,
): readonly RoomEvent[] => {
  const { callId: call_id, state, by, reason } = entry;
  if (state === "requested") return [];
  const members = JSON.stringify({ call_id, state, by, reason, ...(past && { past }) }).slice(1, -1);
  return [event(setting, "function_decided", members)];
};

/** A turn that was under way before, and what it waits for. */
const present = (setting: Setting, { turn, calls = [] }: Told<"present">): readonly RoomEvent[] => {
  if (calls.length === 0) return [streamStart(setting, turn.turn)];
  const place = earlier(setting);
  const last = calls.length - 1;
  return [
    streamStart(place, turn.turn),
    ...calls.flatMap((call, i) => called(i === last ? setting : place, call, turn.promptId, false)),
  ];
};

const recorded = (setting: Setting, moment: Told<"entry">): readonly RoomEvent[] => {
  const { entry, past, turn } = moment;
  switch (entry.kind) {
    case "prompt":
      return prompted(setting, entry, past);
    case "tool-call":
      return called(setting, entry, turn?.promptId ?? "", past);
    case "approval":
      return decided(setting, entry, past);
    case "tool-result":
      return [received(setting, "sbaw.function_result", resultData(setting.voice.roomId, entry), past)];
    case "note": {
      const begins = entry.about === "attempt" && entry.attempt === 1 && entry.data?.["resumed"] !== true;
      return begins && !past && entry.turn !== undefined ? [streamStart(setting, entry.turn)] : [];
    }
    case "reasoning":
    case "reply":
      return [];
  }
};

/**
 * What happened as events of the rooms wire. Pure: the same arguments give the same events.
 *
 * @param cursor the place just after the moment
 * @param before the place just before the moment; asked for only where a moment has several events
 */
export const renderRoomMoment = (
  moment: Moment,
  voice: RoomVoice,
  cursor: string,
  before: () => string = () => cursor,
): readonly RoomEvent[] => {
  const setting: Setting = { voice, cursor, before };
  switch (moment.kind) {
    case "present":
      return present(setting, moment);
    case "entry":
      return recorded(setting, moment);
    case "sealed":
      return moment.past ? [answered(setting, moment)] : [];
    case "text":
      return grown(setting, moment);
    case "ended":
      return ended(setting, moment);
  }
};
