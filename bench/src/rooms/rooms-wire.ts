import { nothing, type Said, type Wire } from "../load/wire.ts";

interface Payload {
  readonly room_id?: string;
  readonly chat_id?: string;
  readonly content?: string;
  readonly done?: boolean;
  readonly offset?: number;
  readonly cursor?: string;
  readonly type?: string;
  readonly error?: string;
  readonly past?: boolean;
  readonly data?: { readonly content?: string; readonly call_id?: string };
}

const namespace = "/assistant/realtime";
const eventHead = `42${namespace},`;
const transport = (name: "websocket" | "polling"): string => `/socket.io/?EIO=4&transport=${name}`;

/** Where the polling transport begins. */
export const pollingPath = transport("polling");

/** An event of the rooms' namespace as a packet. */
const eventPacket = (name: string, payload: unknown): string =>
  `${eventHead}${JSON.stringify([name, payload])}`;

/** The events of one message, by the head of their name. */
const readEvent = (name: string, payload: Payload, seat: RoomsSeat): Said => {
  switch (name) {
    case "stream_chunk":
      if (payload.content === undefined || payload.content === "") return nothing;
      return {
        kind: "text",
        text: payload.content,
        ...(payload.offset !== undefined && { offset: payload.offset }),
        ...(payload.cursor !== undefined && { cursor: payload.cursor }),
      };
    case "receive_message":
      if (payload.type === "sbaw.function_result")
        return { kind: "relay", stamp: payload.data?.call_id ?? "" };
      if (payload.type !== "sbaw.text_message.assistant" || payload.past === true) return nothing;
      return { kind: "end", text: payload.data?.content ?? "" };
    case "message_sent":
      return { kind: "accepted", id: "" };
    case "room_found":
    case "room_created":
      seat.rooms.set(payload.chat_id ?? "", payload.room_id ?? "");
      return { kind: "reply", frame: eventPacket("join_room", { room_id: payload.room_id }) };
    case "room_not_found":
      return {
        kind: "reply",
        frame: eventPacket("create_room", {
          chat_id: payload.chat_id,
          model_api_source: "aisuite",
          model_id: seat.model,
        }),
      };
    case "room_joined":
      return { kind: "subscribed", recovered: false, cursor: payload.cursor ?? "" };
    case "room_error":
    case "room_join_error":
    case "message_error":
    case "error":
      return { kind: "fault", why: payload.error ?? name };
    default:
      return nothing;
  }
};

interface RoomsSeat {
  readonly model: string;
  readonly rooms: Map<string, string>;
}

export interface RoomsWireOptions {
  readonly model: string;
  /** The token of the next connection. */
  readonly nextToken: () => string;
}

/**
 * Rooms as a page of part 1 speaks them over Socket.IO: a subscription is the chain `find_chat`, `create_room`, `join_room`,
 * each sent when the one before is answered. Knows the rooms of the chats it found, so it must be one object for each connection or for
 * connections that share no chat.
 */
export const createRoomsWire = ({ model, nextToken }: RoomsWireOptions): Wire => {
  const seat: RoomsSeat = { model, rooms: new Map() };
  return {
    path: transport("websocket"),
    readyAtOpen: false,
    confirms: true,
    subscribe: ({ channel }) => eventPacket("find_chat", { chat_id: channel }),
    prompt: (channel, id, text) =>
      eventPacket("send_message", {
        room_id: seat.rooms.get(channel),
        message: {
          type: "sbaw.incoming.text_message.user",
          id,
          data: {
            item: { id, type: "message", role: "user", modality: "text", model_id: model, content: text },
          },
        },
      }),
    publish: (channel, json) => `${eventHead}["publish",${JSON.stringify(seat.rooms.get(channel))},${json}]`,
    read(frame) {
      if (frame.startsWith(eventHead)) {
        const [event, payload]: readonly [string, Payload] = JSON.parse(frame.slice(eventHead.length));
        const space = event.indexOf(" ");
        return readEvent(space === -1 ? event : event.slice(0, space), payload, seat);
      }
      if (frame === "2") return { kind: "reply", frame: "3" };
      if (frame.startsWith("0")) {
        return { kind: "reply", frame: `40${namespace},${JSON.stringify({ token: nextToken() })}` };
      }
      if (frame.startsWith(`40${namespace}`)) return { kind: "ready" };
      return frame.startsWith("44") ? { kind: "fault", why: frame.slice(0, 200) } : nothing;
    },
  };
};
