import type { Role } from "@colloquy/protocol";
import { type Fields, isFields } from "../read-payload.ts";
import { word, wordsOf } from "./read-room.ts";
import type { RoomMember, RoomSettings, RoomView } from "./rooms-client.ts";

const roles: ReadonlySet<unknown> = new Set<Role>(["reader", "writer", "owner"]);
const isRole = (value: unknown): value is Role => roles.has(value);

const membersOf = (value: unknown): readonly RoomMember[] | undefined =>
  Array.isArray(value)
    ? value
        .filter(isFields)
        .flatMap(({ user_id: user, role }) =>
          typeof user === "string" && isRole(role) ? [{ user, role }] : [],
        )
    : undefined;

const settingsOf = (value: unknown): RoomSettings | undefined => {
  if (!isFields(value)) return undefined;
  const { instructions, history_length: history, auto_execute_functions: autoExecute, tools } = value;
  return {
    ...(typeof instructions === "string" && { instructions }),
    ...(typeof history === "number" && { history }),
    ...(typeof autoExecute === "boolean" && { autoExecute }),
    ...(Array.isArray(tools) && { tools: wordsOf(tools) }),
  };
};

/** A room's facts with what an acknowledgement or an event says of them. */
export const foldFacts = (facts: RoomView, told: Fields): RoomView => {
  const source = word(told["model_api_source"]);
  const model = word(told["model_id"]);
  const user = word(told["user_id"]);
  const role = told["role"];
  const members = membersOf(told["members"]);
  const settings = settingsOf(told["settings"]);
  const me = user ?? facts.user;
  // What is told to all says of each what they may do, and of oneself nothing else.
  const own = isRole(role) ? role : members?.find((member) => member.user === me)?.role;
  return {
    ...facts,
    ...(source !== undefined && { source }),
    ...(model !== undefined && { model }),
    ...(user !== undefined && { user }),
    ...(own !== undefined && { role: own }),
    ...(members && { members }),
    ...(settings && { settings }),
  };
};

/** The members with one of them let in, changed or gone. */
export const withMember = (facts: RoomView, user: string, role: Role | undefined): RoomView => {
  if (facts.members === undefined) return facts;
  const others = facts.members.filter((member) => member.user !== user);
  return { ...facts, members: role === undefined ? others : [...others, { user, role }] };
};

/** Whether an error of the room means that this connection reads it no more. */
export const isSeatLost = (code: unknown): boolean => code === "not_allowed" || code === "too_slow";
