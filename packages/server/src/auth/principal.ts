import type { Role } from "@colloquy/protocol";

/** What a user may do on which channels: names, where `*` stands for any run of characters but `:`. */
export interface Grants {
  readonly read: readonly string[];
  readonly prompt: readonly string[];
  readonly publish: readonly string[];
  /** Channels on which the user may stop anybody's turn; one's own can always be stopped. */
  readonly stop: readonly string[];
  /** Channels on which the user may approve calls that anybody's prompt made; those of one's own prompts take `prompt`. */
  readonly approve?: readonly string[];
  /** What the user is in chats, by chat id, without having been invited. */
  readonly rooms?: Readonly<Record<string, Role>>;
  /** Names under which the user's programs may answer prompts as model workers; none when not given. */
  readonly serve?: readonly string[];
}

/** Who is acting. */
export interface Principal {
  readonly user: string;
  readonly anonymous: boolean;
  readonly grants: Grants;
  /** When the proof of who this is ends, milliseconds since the epoch. */
  readonly expiresAt?: number;
}

/** Every channel, and every sequencer's conversation: names with a colon are meant only by a pattern that has it too. */
const all = ["*", "seq:*"];

export const everything: Grants = {
  read: all,
  prompt: all,
  publish: all,
  stop: all,
  approve: all,
  serve: ["*"],
};
