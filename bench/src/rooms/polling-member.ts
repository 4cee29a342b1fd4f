import { setTimeout as sleep } from "node:timers/promises";
import type { Said } from "../load/wire.ts";
import { createHttpExchange } from "./http-exchange.ts";
import { wireOf, type MemberOptions } from "./member.ts";
import { pollingPath } from "./rooms-wire.ts";

export interface PollingOptions extends Pick<MemberOptions, "port" | "user" | "chat" | "role"> {
  /** After what a poll brought, the next one waits until so much could have been read; 0 for at once. */
  readonly bytesPerSecond: () => number;
  readonly onSaid: (said: Said) => void;
}

export interface PollingMember {
  readonly open: () => boolean;
  /** Why it is not open any more. */
  readonly lost: () => string | undefined;
}

/** Separates the packets of one body. */
const separator = "\u001e";

/** A member over the polling transport: one request waits for what comes, another brings what is sent. Resolves once it is in. */
export const openPollingMember = async (options: PollingOptions): Promise<PollingMember> => {
  const wire = wireOf(options);
  const polls = createHttpExchange(options.port);
  const posts = createHttpExchange(options.port);
  const inside = Promise.withResolvers<void>();
  let path = pollingPath;
  let lost: string | undefined;
  let outgoing: string[] = [];
  let posting = false;

  const fail = (error: unknown): void => {
    lost ??= String(error);
    inside.reject(new Error(lost));
    polls.close();
    posts.close();
  };
  const post = async (): Promise<void> => {
    if (posting) return;
    posting = true;
    while (outgoing.length > 0) {
      const body = outgoing.join(separator);
      outgoing = [];
      await posts.ask("POST", path, body);
    }
    posting = false;
  };
  const send = (packet: string | undefined): void => {
    if (packet === undefined) return;
    outgoing.push(packet);
    post().catch(fail);
  };
  const take = (packet: string): void => {
    if (packet.startsWith("0")) {
      const { sid }: { readonly sid: string } = JSON.parse(packet.slice(1));
      path = `${pollingPath}&sid=${sid}`;
    } else if (packet === "1") {
      fail("the server closed it");
      return;
    }
    const said = wire.read(packet);
    if (said.kind === "reply") send(said.frame);
    else if (said.kind === "ready") send(wire.subscribe({ channel: options.chat, delta: true }));
    else if (said.kind === "subscribed") inside.resolve();
    else if (said.kind === "fault") inside.reject(new Error(said.why));
    options.onSaid(said);
  };
  const poll = async (): Promise<void> => {
    for (;;) {
      const body = await polls.ask("GET", path);
      for (const packet of body.split(separator)) take(packet);
      const rate = options.bytesPerSecond();
      if (rate > 0) await sleep((body.length * 1_000) / rate);
    }
  };
  poll().catch(fail);
  await inside.promise;
  return { open: () => lost === undefined, lost: () => lost };
};
