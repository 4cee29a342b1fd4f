import { createServer } from "node:http";
import { type Code, codes } from "@colloquy/protocol";
import {
  answerIdOf,
  pastMessage,
  promptIdOf,
  renderRoomMoment,
  roomsNamespace,
  turnOf,
} from "@colloquy/protocol/rooms";
import { Server, type Socket } from "socket.io";
import { type HubChannel, type HubReader, createHubChannel } from "./hub-channel.ts";

type Fields = Readonly<Record<string, unknown>>;
type Answer = (ack: object) => void;

export interface RoomHubOptions {
  /** Users by their tokens; with any, nobody comes in without one. */
  readonly users?: Readonly<Record<string, string>>;
  /** What happens in the conversation after a prompt was accepted. */
  readonly answer?: (channel: HubChannel, prompt: { readonly id: string; readonly text: string }) => void;
}

/** A small server of rooms for tests of clients: everything happens when the test says so, within the call. */
export interface RoomHub {
  readonly url: string;
  /** Events that came in, in order. */
  readonly events: readonly { readonly name: string; readonly user: string; readonly payload: Fields }[];
  /** The next event of that name, or connection (`connect`), is refused once with the code. */
  readonly refusals: Map<string, Code>;
  readonly users: Map<string, string>;
  room(chatId: string): HubChannel;
  roomId(chatId: string): string;
  /** To every socket in the chat's room. */
  tell(chatId: string, name: string, payload: object): void;
  /** Ends every connection as a lost network does. */
  cut(): void;
  /** Ends the namespace of every socket, after which socket.io-client does not come back by itself. */
  expel(): void;
  close(): Promise<void>;
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const refusal = (code: Code): object => ({
  ok: false,
  error: codes[code].says,
  code,
  retry: codes[code].retry,
});

interface Room {
  readonly roomId: string;
  readonly chatId: string;
  readonly channel: HubChannel;
  model: string;
  readonly sockets: Map<Socket, { readonly user: string; readonly reader: HubReader }>;
}

export const startRoomHub = async (options: RoomHubOptions = {}): Promise<RoomHub> => {
  const rooms = new Map<string, Room>();
  const events: { name: string; user: string; payload: Fields }[] = [];
  const refusals = new Map<string, Code>();
  const users = new Map(Object.entries(options.users ?? {}));
  const http = createServer();
  /** Whose prompt is being told just now. */
  let sender: Socket | undefined;
  const io = new Server(http, { pingInterval: 5_000 });

  const open = (chatId: string): Room => {
    const room = rooms.get(chatId) ?? {
      roomId: `room_${chatId}`,
      chatId,
      channel: createHubChannel(Date.now),
      model: "demo:guide",
      sockets: new Map(),
    };
    rooms.set(chatId, room);
    return room;
  };
  const find = (payload: Fields): Room | undefined =>
    [...rooms.values()].find(({ roomId }) => roomId === payload["room_id"]);
  const present = (room: Room): readonly string[] => [
    ...new Set([...room.sockets.values()].map(({ user }) => user)),
  ];
  const others = (room: Room, user: string, name: string): void => {
    for (const [socket, seat] of room.sockets)
      if (seat.user !== user) socket.emit(name, { room_id: room.roomId, user_id: user });
  };

  const leave = (socket: Socket, room: Room): void => {
    const seat = room.sockets.get(socket);
    if (!seat) return;
    room.channel.readers.delete(seat.reader);
    room.sockets.delete(socket);
    if (!present(room).includes(seat.user)) others(room, seat.user, "user_left");
  };

  const join = (socket: Socket, user: string, room: Room, payload: Fields, answer: Answer): void => {
    const first = !present(room).includes(user);
    leave(socket, room);
    const voice = { roomId: room.roomId, part2: true };
    const reader: HubReader = {
      n: 0,
      seen: new Map(),
      say(moment, cursor, before) {
        for (const { name, payload: pieces, to } of renderRoomMoment(moment, voice, cursor, () => before)) {
          const told: unknown = JSON.parse(pieces.join(""));
          const data = isFields(told) && isFields(told["data"]) ? told["data"] : {};
          const mine = socket === sender && data["role"] === "user";
          if ((to === undefined || to === user) && !mine) socket.emit(name, told);
        }
      },
    };
    const cursor = payload["cursor"] === undefined ? undefined : text(payload["cursor"]);
    const recovered = room.channel.place(reader, cursor, Number(payload["history"] ?? 0));
    room.sockets.set(socket, { user, reader });
    answer({
      ok: true,
      room_id: room.roomId,
      chat_id: room.chatId,
      cursor: room.channel.cursorOf(reader),
      recovered,
      before: reader.n > 0 ? String(reader.n + 1) : null,
      user_id: user,
      members: [{ user_id: user, role: "owner" }],
      model_api_source: "aisuite",
      model_id: room.model,
      present: present(room),
      role: "owner",
    });
    if (first) others(room, user, "user_joined");
    room.channel.readers.add(reader);
    room.channel.tell(reader, !recovered);
  };

  const say = (socket: Socket, user: string, room: Room, payload: Fields, answer: Answer): void => {
    const message = isFields(payload["message"]) ? payload["message"] : {};
    const data = isFields(message["data"]) ? message["data"] : {};
    const item = isFields(data["item"]) ? data["item"] : {};
    const prompt = { id: promptIdOf(user, text(message["id"])), text: text(item["content"]) };
    const known = room.channel.entries.some((entry) => entry.kind === "prompt" && entry.id === prompt.id);
    sender = socket;
    const turn = room.channel.prompt({ ...prompt, author: user });
    sender = undefined;
    const ids = { message_id: answerIdOf(room.roomId, turn), client_message_id: message["id"] };
    answer({ ok: true, success: true, ...ids, cursor: `v1.log.${turn}`, repeated: known });
    if (!known) options.answer?.(room.channel, prompt);
  };

  const history = (room: Room, payload: Fields, answer: Answer): void => {
    const { entries } = room.channel;
    const end = payload["before"] === undefined ? entries.length : Number(payload["before"]) - 1;
    const begin = Math.max(0, end - Number(payload["limit"] ?? 50));
    const messages = entries.slice(begin, end).flatMap((entry) => pastMessage(room.roomId, entry) ?? []);
    answer({ ok: true, messages, before: begin > 0 ? String(begin + 1) : null });
  };

  const file = (room: Room, payload: Fields, answer: Answer): void => {
    const prompt = room.channel.entries[(turnOf(room.roomId, text(payload["message_id"])) ?? 0) - 1];
    const found = prompt?.kind === "prompt" ? prompt.files?.[Number(payload["index"])] : undefined;
    answer(
      found ? { ok: true, name: found.name, type: found.type, content: found.data } : refusal("not_found"),
    );
  };

  const take = (socket: Socket, user: string, name: string, payload: Fields, answer: Answer): void => {
    const code = refusals.get(name);
    if (code !== undefined) {
      refusals.delete(name);
      return answer(refusal(code));
    }
    const chatId = text(payload["chat_id"]);
    if (name === "find_chat")
      return answer({ ok: true, room_id: rooms.get(chatId)?.roomId ?? null, chat_id: chatId });
    if (name === "create_room") {
      const room = open(chatId);
      room.model = text(payload["model_id"]);
      return answer({ ok: true, room_id: room.roomId, chat_id: chatId, model_id: room.model });
    }
    if (name === "refresh_token") return answer({ ok: true, user_id: user, expires_at: null });
    const room = find(payload) ?? find({ room_id: name.split(" ")[1] });
    if (!room) return answer(refusal("not_found"));
    if (name === "join_room") return join(socket, user, room, payload, answer);
    if (!room.sockets.has(socket)) return answer(refusal("not_allowed"));
    if (name === "history") return history(room, payload, answer);
    if (name === "file") return file(room, payload, answer);
    if (name === "send_message") return say(socket, user, room, payload, answer);
    if (name === "leave_room") leave(socket, room);
    if (name === "typing") others(room, user, "typing");
    if (name === "cancel") {
      const turn = Number(text(payload["message_id"]).split("_").at(-1));
      const prompt = room.channel.entries[turn - 1];
      if (prompt?.kind === "prompt") room.channel.end(prompt.id, "cancelled", "cancelled");
    }
    return answer({ ok: true, ...payload });
  };

  const namespace = io.of(roomsNamespace);
  namespace.use((socket, next) => {
    const user = users.size === 0 ? "anonymous" : users.get(text(socket.handshake.auth["token"]));
    const code = refusals.get("connect") ?? (user === undefined ? "token_invalid" : undefined);
    refusals.delete("connect");
    socket.data.user = user;
    if (code === undefined) return next();
    return next(Object.assign(new Error(codes[code].says), { data: { code, retry: codes[code].retry } }));
  });
  namespace.on("connection", (socket) => {
    const user = text(socket.data.user);
    socket.onAny((name: string, payload: unknown, answer?: Answer) => {
      const fields = isFields(payload) ? payload : {};
      events.push({ name, user, payload: fields });
      take(socket, user, name, fields, answer ?? (() => undefined));
    });
    socket.on("disconnect", () => [...rooms.values()].forEach((room) => leave(socket, room)));
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const address = http.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const sockets = (): readonly Socket[] => [...namespace.sockets.values()];

  return {
    url: `http://127.0.0.1:${port}`,
    events,
    refusals,
    users,
    room: (chatId) => open(chatId).channel,
    roomId: (chatId) => open(chatId).roomId,
    tell: (chatId, name, payload) => open(chatId).sockets.forEach((_, socket) => socket.emit(name, payload)),
    cut: () => sockets().forEach((socket) => socket.conn.close()),
    expel: () => sockets().forEach((socket) => socket.disconnect()),
    close: () => io.close(),
  };
};
