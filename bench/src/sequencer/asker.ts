import { openLink } from "../load/link.ts";
import type { SequencerJob } from "./job.ts";

/** What a prompt's asker hears of it. */
export interface Hearing {
  /** Its first text. */
  first(id: string, text: string): void;
  /** Its end, with all of the text; undefined when it failed. */
  ended(id: string, text: string | undefined): void;
}

/** One WebSocket over which prompts are asked and their answers read. */
export interface Asker {
  ask(id: string, text: string): void;
}

interface Payload {
  readonly status?: string;
  readonly action?: string;
  readonly message?: string;
  readonly message_id?: string;
  readonly delta?: string;
  readonly offset?: number;
}

const channel = "seq:main";

export const openAsker = async (
  { wire, places }: Pick<SequencerJob, "wire" | "places">,
  hearing: Hearing,
): Promise<Asker> => {
  const buffer = Buffer.allocUnsafeSlow(256 * 1024);
  const subscribed = Promise.withResolvers<void>();
  const onChannels = (text: string): void => {
    const { payload }: { payload: Payload } = JSON.parse(text);
    const { status, message_id: id = "" } = payload;
    if (payload.action === "subscribed") subscribed.resolve();
    else if (status === "in_progress" && payload.offset === 0) hearing.first(id, payload.delta ?? "");
    else if (status === "completed") hearing.ended(id, payload.message);
    else if (status === "error") hearing.ended(id, undefined);
  };
  const onPlain = (frame: string): void => {
    const { id, text }: { id: string; text: string } = JSON.parse(frame);
    hearing.first(id, text);
    hearing.ended(id, text);
  };
  const channels = wire === "channels";
  const link = await openLink({
    port: places.port,
    path: channels ? "/ws" : "/",
    buffer,
    onText: channels ? onChannels : onPlain,
  });
  if (channels) {
    const payload = { action: "subscribe", channel, id: "s", mode: "delta" };
    link.send(JSON.stringify({ channel: "subscription", payload }));
    await subscribed.promise;
  }
  return {
    ask(id, text) {
      const payload = { action: "prompt", message: text, message_id: id, id };
      link.send(JSON.stringify(channels ? { channel, payload } : { id, text }));
    },
  };
};
