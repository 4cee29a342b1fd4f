import type { EscapedText } from "@colloquy/protocol";
import {
  channelVoice,
  renderChannelMoment,
  renderRelay,
  type ChannelVoice,
} from "@colloquy/protocol/channels";
import type { RelayRequest, Voice } from "../../conversation/conversations.ts";
import type { Clock } from "../../kernel/clock.ts";
import { textFrame } from "../../kernel/framing.ts";

/** How one subscriber of a channel is spoken to. */
export type Manner = Pick<ChannelVoice, "channel" | "part2" | "mode" | "old">;

/**
 * Whether a subscribe makes a part 2 subscriber: one that used anything which part 1 does not know. Everybody else
 * never gets a frame that part 1 does not know.
 */
export const usesPart2 = (options: {
  id?: string;
  cursor?: string;
  mode?: string;
  history?: number;
}): boolean => (options.id ?? options.cursor ?? options.mode ?? options.history) !== undefined;

/** A relayed prompt frame has its members beside `channel`, as a publisher that answers prompts reads them. */
const relayed = (
  json: string,
  spoken: ChannelVoice,
  cursor: string,
  form: RelayRequest["form"],
): EscapedText => {
  if (form === "payload") return renderRelay(json, spoken, cursor);
  const head = spoken.head.slice(0, -'"payload":'.length);
  return [head, json.slice(1, -1), spoken.part2 ? `,"cursor":"${cursor}"}` : "}"];
};

/** The channels wire as a voice: moments of a conversation become WebSocket frames. */
export const createChannelsVoice = (manner: Manner, clock: Clock): Voice => {
  const spoken = channelVoice(manner);
  const { channel, part2, mode, old } = manner;
  return {
    key: `${part2 ? 2 : 1}${mode}${old ? "old" : ""} ${channel}`,
    snapshots: mode === "snapshot",
    plainRelay: !part2,
    render: (moment, cursor, before) =>
      renderChannelMoment(moment, spoken, cursor, clock.now(), before).map(textFrame),
    relay: (json, cursor, form) => textFrame(relayed(json, spoken, cursor, form)),
  };
};
