import type { Entry, NoteEntry, ToolCallEntry } from "../entry.ts";
import type { Moment } from "../moment.ts";
import { callData, decisionData, reasoningData, resultData, userData } from "./message-data.ts";
import type { ToldFile } from "./message-shapes.ts";
import { answered, ended, grown, streamStart } from "./render-answer.ts";
import { earlier, event, membersOf, received, type Setting, type Told } from "./render-event.ts";
import type { RoomEvent, RoomVoice } from "./room-voice.ts";

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
  const data = userData(setting.voice.roomId, entry);
  const told = received(tellsMore ? earlier(setting) : setting, "sbaw.text_message.user", data, past);
  const files = entry.files && !past ? fileEvents(entry.files) : [];
  if (!tellsMore) return [...files, told];
  const { id: client_message_id, message_id, user_id } = data;
  const ids = membersOf({ message_id, client_message_id, user_id });
  return [told, ...files, event(setting, "turn_queued", ids)];
};

/** @param to whose prompt made the call: what runs in clients runs in theirs, whatever id the prompt has */
const called = (
  setting: Setting,
  entry: ToolCallEntry,
  to: string | undefined,
  past: boolean,
): readonly RoomEvent[] => {
  const data = callData(setting.voice.roomId, entry);
  const told = received(setting, "sbaw.function_call", data, past);
  if (past || entry.runs !== "client" || to === undefined) return [told];
  const members = `"function_name":${JSON.stringify(entry.name)},"arguments":${JSON.stringify(data.arguments)},"call_id":${JSON.stringify(entry.callId)}`;
  return [{ ...event(earlier(setting), "function_call", members), to }, told];
};

const decided = (
  setting: Setting,
  entry: Extract<Entry, { kind: "approval" }>,
  past: boolean,
): readonly RoomEvent[] => {
  const data = decisionData(setting.voice.roomId, entry);
  return data ? [event(setting, "function_decided", membersOf({ ...data, ...(past && { past }) }))] : [];
};

/** A turn that was under way before, and what it waits for. */
const present = (setting: Setting, { turn, calls = [] }: Told<"present">): readonly RoomEvent[] => {
  if (calls.length === 0) return [streamStart(setting, turn.turn, turn)];
  const place = earlier(setting);
  const last = calls.length - 1;
  return [
    streamStart(place, turn.turn, turn),
    ...calls.flatMap((call, i) => called(i === last ? setting : place, call, turn.author, false)),
  ];
};

/** A turn begins to run, or the room has changed. Notes of history say nothing: what they set off is over. */
const noted = (setting: Setting, entry: NoteEntry, turn: Told<"entry">["turn"]): readonly RoomEvent[] => {
  const { facts, part2, roomId } = setting.voice;
  if (entry.about === "room" || entry.about === "member") {
    const room = part2 ? facts?.() : undefined;
    if (!room) return [];
    const { settings, ...open } = room;
    const changed = { room_id: roomId, ...open };
    // Each reader is told one of the two, so both say the place after it.
    return [
      { ...event(setting, "room_changed", membersOf({ ...changed, settings })), owners: true },
      { ...event(setting, "room_changed", membersOf(changed)), owners: false },
    ];
  }
  const begins = entry.about === "attempt" && entry.attempt === 1 && entry.data?.["resumed"] !== true;
  if (!begins || entry.turn === undefined) return [];
  return [streamStart(setting, entry.turn, { ...turn, ranAt: entry.at })];
};

const recorded = (setting: Setting, moment: Told<"entry">): readonly RoomEvent[] => {
  const { entry, past, turn } = moment;
  switch (entry.kind) {
    case "prompt":
      return prompted(setting, entry, past);
    case "tool-call":
      return called(setting, entry, turn?.author, past);
    case "approval":
      return decided(setting, entry, past);
    case "tool-result":
      return [received(setting, "sbaw.function_result", resultData(setting.voice.roomId, entry), past)];
    case "note":
      return past ? [] : noted(setting, entry, turn);
    case "reasoning":
      return setting.voice.part2
        ? [received(setting, "sbaw.reasoning", reasoningData(setting.voice.roomId, entry), past)]
        : [];
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
