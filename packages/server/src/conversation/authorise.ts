import type { Role } from "@colloquy/protocol";
import { channelOfConversation } from "@colloquy/protocol/channels";
import type { PatternMatcher } from "../auth/pattern.ts";
import type { Principal } from "../auth/principal.ts";
import { ColloquyError, toColloquyError } from "../kernel/colloquy-error.ts";
import { hasMembers } from "./membership.ts";

/** `approve`: to decide about calls that anybody's prompt made. `invite` and `configure` are for owners of rooms. */
export type Action = "read" | "prompt" | "publish" | "stop" | "approve" | "invite" | "configure";

/**
 * An operator's own rule, asked after ours: throws, or gives false, to refuse. It answers at once: a promise, or anything else
 * that is not `true` or nothing, refuses too.
 */
export type AuthoriseHook = (request: {
  readonly user: string;
  readonly action: Action;
  readonly conversation: string;
}) => boolean | void;

export type Members = ReadonlyMap<string, Role>;

export interface Authoriser {
  /** @throws ColloquyError `not_allowed`, or `token_expired` when the proof of who this is has run out */
  check(principal: Principal, action: Action, conversation: string, members: Members): void;
  may(principal: Principal, action: Action, conversation: string, members: Members): boolean;
}

/** Conversations that belong to nobody: the operator's sequencers. Grants that name the prefix govern them. */
const ownerless = "seq:";

const writes: ReadonlySet<Action> = new Set<Action>(["read", "prompt", "publish", "stop", "approve"]);

const nothing: readonly string[] = [];

const roleAllows = (role: Role, action: Action): boolean => {
  switch (role) {
    case "reader":
      return action === "read";
    case "writer":
      return writes.has(action);
    case "owner":
      return true;
  }
};

/** What a user is in a conversation with members: as they were invited, else as their token says. */
export const roleIn = (principal: Principal, conversation: string, members: Members): Role | undefined => {
  const invited = members.get(principal.user);
  if (invited !== undefined) return invited;
  const { rooms } = principal.grants;
  const chatId = channelOfConversation(conversation).replace(/^chat:/, "");
  return rooms && Object.hasOwn(rooms, chatId) ? rooms[chatId] : undefined;
};

/**
 * The one place that says what a principal may do in a conversation (P11). A plain channel is governed by the grants, and
 * so is a sequencer's conversation; a chat by its members and their roles, whatever the grants; nobody may do anything in any
 * other whose id has a prefix.
 */
export const createAuthoriser = (
  matches: PatternMatcher,
  now: () => number,
  hook?: AuthoriseHook,
): Authoriser => {
  const granted = (principal: Principal, action: Action, conversation: string, members: Members): boolean => {
    if (hasMembers(conversation)) {
      const role = roleIn(principal, conversation, members);
      return role !== undefined && roleAllows(role, action);
    }
    const channel = channelOfConversation(conversation);
    if (channel.includes(":") && !channel.startsWith(ownerless)) return false;
    if (action === "invite" || action === "configure") return false;
    return matches(principal.grants[action] ?? nothing, channel);
  };
  const refusal = (principal: Principal, action: Action, conversation: string, members: Members) => {
    if (principal.expiresAt !== undefined && principal.expiresAt <= now())
      return new ColloquyError("token_expired");
    if (!granted(principal, action, conversation, members)) return new ColloquyError("not_allowed");
    try {
      const said: unknown = hook?.({ user: principal.user, action, conversation }) ?? true;
      return said === true ? undefined : new ColloquyError("not_allowed");
    } catch (thrown) {
      return toColloquyError(thrown, "not_allowed");
    }
  };
  return {
    check(principal, action, conversation, members) {
      const error = refusal(principal, action, conversation, members);
      if (error) throw error;
    },
    may: (principal, action, conversation, members) =>
      refusal(principal, action, conversation, members) === undefined,
  };
};
