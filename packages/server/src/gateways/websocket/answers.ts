import { codes, type Code } from "@colloquy/protocol";
import type { AnswerPayload, ErrorPayload, SubscribedPayload } from "@colloquy/protocol/channels";
import type { Placed } from "../../conversation/conversations.ts";
import { jsonFrame } from "../../kernel/framing.ts";

/** What an answer or a refusal is about; what could not be read is absent. */
export interface About {
  readonly channel?: string;
  readonly id?: string;
  readonly messageId?: string;
}

/** Why something was refused, in words that may be shown to the asker. */
export interface Refusal {
  readonly code: Code;
  readonly message: string;
  readonly detail?: string | undefined;
}

/** An answer on a channel; on connections of the old form `type` stands beside `channel`. */
export const answerFrame = (channel: string, payload: AnswerPayload | ErrorPayload, old: boolean): Buffer =>
  jsonFrame(old ? { channel, type: channel, payload } : { channel, payload });

/** The answer to a subscribe, or with no `id` the news that relayed frames were lost on the way. */
export const subscribedFrame = (channel: string, place: Placed, id: string | undefined): Buffer => {
  const payload: Omit<SubscribedPayload, "id"> & { id?: string } = {
    action: "subscribed",
    channel,
    cursor: place.cursor,
    recovered: place.recovered,
    ...(id !== undefined && { id }),
  };
  return jsonFrame({ channel: "subscription", payload });
};

/** What the old form reads as the answer to its subscribe and unsubscribe. */
export const oldAnswerFrame = (type: "subscribed" | "unsubscribed", channel: string): Buffer =>
  jsonFrame({ type, payload: { channel } });

/** @param now milliseconds since the epoch */
export const refusalFrame = (about: About, refusal: Refusal, now: number, old: boolean): Buffer => {
  const { code, message, detail = message } = refusal;
  const payload: ErrorPayload = {
    type: "error",
    status: "error",
    message,
    code,
    error_details: `${code}: ${detail}`,
    retry: codes[code].retry,
    timestamp: now / 1000,
    ...(about.messageId !== undefined && { message_id: about.messageId }),
    ...(about.id !== undefined && { id: about.id }),
  };
  return answerFrame(about.channel ?? "connection", payload, old);
};
