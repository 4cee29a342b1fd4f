import { openClient, type Client } from "../load/client.ts";
import type { Said, Wire } from "../load/wire.ts";
import { streamingModel } from "./model-ids.ts";
import { createRoomsWire } from "./rooms-wire.ts";
import { tokenFor } from "./token.ts";

export interface MemberOptions {
  readonly port: number;
  readonly buffer: Buffer;
  readonly user: string;
  readonly chat: string;
  /** By the token; whoever creates a chat owns it without. */
  readonly role?: "reader" | "owner";
  readonly model?: string;
  readonly localAddress?: string;
  readonly onSaid?: (said: Said, frameLength: number) => void;
}

/** Somebody in a room. */
export interface Member {
  readonly client: Client;
  readonly wire: Wire;
  prompt(id: string, text: string): void;
}

/** The wire of one user. */
export const wireOf = ({ user, chat, role, model }: Omit<MemberOptions, "port" | "buffer">): Wire =>
  createRoomsWire({
    model: model ?? streamingModel,
    nextToken: () => tokenFor(user, role && { [chat]: role }),
  });

/** One wire for connections of a user each, that share no chat. */
export const createCrowdWire = (): Wire => {
  let users = 0;
  return createRoomsWire({
    model: streamingModel,
    nextToken() {
      users += 1;
      return tokenFor(`user-${users}`);
    },
  });
};

/** Connects over the WebSocket transport, finds (or creates) the chat's room and joins it; resolves once it is in. */
export const openMember = async (options: MemberOptions): Promise<Member> => {
  const { port, buffer, chat, onSaid, localAddress } = options;
  const wire = wireOf(options);
  const inside = Promise.withResolvers<void>();
  const client = await openClient({
    wire,
    port,
    buffer,
    ...(localAddress !== undefined && { localAddress }),
    onSaid(said, frameLength) {
      if (said.kind === "subscribed") inside.resolve();
      else if (said.kind === "fault") inside.reject(new Error(said.why));
      onSaid?.(said, frameLength);
    },
    onClose: () => inside.reject(new Error("closed before it was in")),
  });
  client.send(wire.subscribe({ channel: chat, delta: true }));
  await inside.promise;
  return { client, wire, prompt: (id, text) => client.send(wire.prompt(chat, id, text)) };
};
