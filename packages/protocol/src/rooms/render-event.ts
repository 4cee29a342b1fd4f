import type { Moment } from "../moment.ts";
import { answerIdOf } from "./message-id.ts";
import type { RoomEvent, RoomVoice } from "./room-voice.ts";

export type Told<K extends Moment["kind"]> = Extract<Moment, { kind: K }>;

/** What stays the same in all events of one moment. */
export interface Setting {
  readonly voice: RoomVoice;
  /** The place just after the moment. */
  readonly cursor: string;
  /** The place just before it: what all events of a moment but its last say, so that a moment cut in two is told again. */
  readonly before: () => string;
}

export const earlier = (setting: Setting): Setting => ({ ...setting, cursor: setting.before() });

/** The members of an object as JSON, without the braces. */
export const membersOf = (value: object): string => JSON.stringify(value).slice(1, -1);

/** An event of JSON members; the cursor comes last. */
export const event = ({ voice, cursor }: Setting, head: string, members: string): RoomEvent => ({
  name: `${head} ${voice.roomId}`,
  payload: [`{${members},"cursor":"${cursor}"}`],
});

export const received = (setting: Setting, type: string, data: object, past: boolean): RoomEvent =>
  event(setting, "receive_message", membersOf({ type, data, ...(past && { past }) }));

export const messageId = ({ voice }: Setting, turn: number): string =>
  JSON.stringify(answerIdOf(voice.roomId, turn));
