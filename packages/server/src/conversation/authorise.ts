import { channelOfConversation } from "@colloquy/protocol/channels";
import type { PatternMatcher } from "../auth/pattern.ts";
import type { Principal } from "../auth/principal.ts";
import { ColloquyError, toColloquyError } from "../kernel/colloquy-error.ts";

export type Action = "read" | "prompt" | "publish" | "stop";

/**
 * An operator's own rule, asked after ours: throws, or gives false, to refuse. It answers at once: a promise, or anything else
 * that is not `true` or nothing, refuses too.
 */
export type AuthoriseHook = (request: {
  readonly user: string;
  readonly action: Action;
  readonly conversation: string;
}) => boolean | void;

export interface Authoriser {
  /** @throws ColloquyError `not_allowed`, or `token_expired` when the proof of who this is has run out */
  check(principal: Principal, action: Action, conversation: string, members: ReadonlySet<string>): void;
  may(principal: Principal, action: Action, conversation: string, members: ReadonlySet<string>): boolean;
}

/** Conversations that belong to nobody: the operator's sequencers. Grants that name the prefix govern them. */
const ownerless = "seq:";

/**
 * The one place that says what a principal may do in a conversation (P11). A plain channel is governed by the grants, and
 * so is a sequencer's conversation; any other whose id has a prefix (`chat:…`) by its members, whatever the grants.
 */
export const createAuthoriser = (
  matches: PatternMatcher,
  now: () => number,
  hook?: AuthoriseHook,
): Authoriser => {
  const refusal = (
    principal: Principal,
    action: Action,
    conversation: string,
    members: ReadonlySet<string>,
  ) => {
    if (principal.expiresAt !== undefined && principal.expiresAt <= now())
      return new ColloquyError("token_expired");
    const channel = channelOfConversation(conversation);
    const owned = channel.includes(":") && !channel.startsWith(ownerless);
    const granted = owned ? members.has(principal.user) : matches(principal.grants[action], channel);
    if (!granted) return new ColloquyError("not_allowed");
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
