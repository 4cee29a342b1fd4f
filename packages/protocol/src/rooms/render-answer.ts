import { codes } from "../codes.ts";
import type { TurnEndEntry } from "../entry.ts";
import type { EscapedText, TurnFacts } from "../moment.ts";
import { escapeText, lengthOf, startOf } from "./escaped-text.ts";
import { answerData, errorData, timeOf } from "./message-data.ts";
import { answerIdOf, messageIdOf } from "./message-id.ts";
import { earlier, event, membersOf, messageId, received, type Setting, type Told } from "./render-event.ts";
import type { RoomEvent } from "./room-voice.ts";

/** A turn runs, or was under way already. */
export const streamStart = (
  setting: Setting,
  turn: number,
  { promptId, author, ranAt }: Partial<TurnFacts> = {},
): RoomEvent => {
  const members = {
    message_id: answerIdOf(setting.voice.roomId, turn),
    ...(author !== undefined && { user_id: author }),
    ...(author !== undefined &&
      promptId !== undefined && { client_message_id: messageIdOf(promptId, author) }),
    ...(ranAt !== undefined && { started_at: timeOf(ranAt) }),
  };
  return event(setting, "stream_start", membersOf(members));
};

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
export const grown = (setting: Setting, moment: Told<"text">): readonly RoomEvent[] => {
  const { turn, offset, reset } = moment;
  if (!reset || setting.voice.part2) return [chunk(setting, turn.turn, moment.delta(), { offset, reset })];
  const content = [...startOf(moment.whole(), offset), ...moment.delta()];
  return [
    streamStart(earlier(setting), turn.turn, turn),
    chunk(setting, turn.turn, content, { offset: 0, reset }),
  ];
};

/** An answer, or a part of one; only its text is put together here, because it may be long. */
export const answered = (setting: Setting, moment: Told<"ended"> | Told<"sealed">): RoomEvent => {
  const { entry, past } = moment;
  const text =
    entry.kind === "answer" ? [escapeText(entry.text)] : moment.kind === "ended" ? moment.text : [];
  return {
    name: `receive_message ${setting.voice.roomId}`,
    payload: [
      `{"type":"sbaw.text_message.assistant","data":{${membersOf(answerData(setting.voice.roomId, entry))},"content":"`,
      ...text,
      `"}${past ? ',"past":true' : ""},"cursor":"${setting.cursor}"}`,
    ],
  };
};

const failed = (
  setting: Setting,
  entry: TurnEndEntry,
  { promptId, author }: TurnFacts,
): readonly RoomEvent[] => {
  const code = entry.code ?? "internal";
  const refused = membersOf({ error: codes[code].says, code, retry: codes[code].retry });
  const ids = `"message_id":${messageId(setting, entry.turn)}`;
  return [
    received(setting, "sbaw.error", errorData(setting.voice.roomId, entry), false),
    {
      name: "message_error",
      payload: [
        `{${refused},${ids},"client_message_id":${JSON.stringify(messageIdOf(promptId, author ?? ""))}}`,
      ],
    },
    { name: "error", payload: [`{${refused}}`] },
    event(setting, "stream_error", `${ids},${refused}`),
  ];
};

export const ended = (setting: Setting, moment: Told<"ended">): readonly RoomEvent[] => {
  const { entry, text, turn } = moment;
  if (moment.past) return [answered(setting, moment)];
  const place = earlier(setting);
  return [
    chunk(place, entry.turn, [], { offset: lengthOf(text), done: true }),
    ...(entry.end === "failed"
      ? failed(place, entry, turn)
      : [event(place, "stream_end", `"message_id":${messageId(place, entry.turn)}`)]),
    answered(setting, moment),
  ];
};
