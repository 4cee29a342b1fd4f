import type { TurnView } from "@colloquy/client";
import { type ChannelGrants, isGranted } from "../session/channel-grants.ts";

/** What one may do in a conversation that one may read, as far as the page knows; the server has the last word. */
export interface Rights {
  readonly ask: boolean;
  /** To stop this turn. */
  readonly stop: (turn: TurnView) => boolean;
  /** To grant and to deny what this turn's tools wait for. */
  readonly decide: (turn: TurnView) => boolean;
}

const every = (may: boolean): Rights => ({ ask: may, stop: () => may, decide: () => may });

export const fullRights = every(true);
export const readersRights = every(false);

/** On a channel the grants decide; who may ask may also stop, and decide about, what they asked themselves. */
export const channelRights = (
  grants: ChannelGrants | undefined,
  channel: string,
  user: string | undefined,
): Rights => {
  if (grants === undefined) return fullRights;
  const ask = isGranted(grants, "prompt", channel);
  const isOwn = ({ author }: TurnView): boolean => author === undefined || author === user;
  const mayAnybodys = (action: "stop" | "approve"): ((turn: TurnView) => boolean) => {
    const all = isGranted(grants, action, channel);
    return (turn) => all || (ask && isOwn(turn));
  };
  return { ask, stop: mayAnybodys("stop"), decide: mayAnybodys("approve") };
};
