import { type Code, codes } from "@colloquy/protocol";
import { io as socketIo } from "socket.io-client";
import { backoff } from "../backoff.ts";
import type { ClientLog, ConnectionState } from "../client.ts";
import { ClientError } from "../client-error.ts";
import { createConversationSeats } from "../conversation-seats.ts";
import { defaultPolicy, defaultTimes } from "../default-times.ts";
import { listeners } from "../listeners.ts";
import { randomId } from "../random-id.ts";
import { type Fields, isFields } from "../read-payload.ts";
import type { Verdict } from "../requests.ts";
import { createTokenKeeper } from "../token-keeper.ts";
import { watchFrames } from "../watch-frames.ts";
import { type RoomSeat, createRoom } from "./create-room.ts";
import { word } from "./read-room.ts";
import { roomAddress } from "./room-address.ts";
import { createRoomConnection } from "./room-connection.ts";
import type { RoomsClient, RoomsClientOptions, SocketMaker } from "./rooms-client.ts";

/** Refusals after which a new token may help. */
const signIns: ReadonlySet<Code> = new Set<Code>(["not_authenticated", "token_invalid", "token_expired"]);

/**
 * A client of a server that speaks the rooms wire over Socket.IO. It connects when first something is asked of it, and then
 * does what {@link createClient}'s does: the same turns, the same events, the same coming back.
 *
 * @throws TypeError where `url` is none
 * @example
 * const rooms = createRoomsClient({ url: "http://localhost:8080" });
 * const room = rooms.conversation("lunch", { source: "aisuite", model: "openai:gpt-4o-mini" });
 * await room.prompt("Where do we go?");
 */
export const createRoomsClient = (options: RoomsClientOptions): RoomsClient => {
  const times = { ...defaultTimes, ...options.times };
  const policy = options.reconnect ?? defaultPolicy;
  const random = options.random ?? Math.random;
  const now = options.now ?? Date.now;
  const log = (event: ClientLog): void => options.onLog?.(event);
  const connectionChanged = listeners<ConnectionState>(log);
  const seats = createConversationSeats<RoomSeat>();
  let closed = false;
  let up = false;

  const judge = (code: Code): Verdict => {
    if (code === "token_expired" && keeper.renewable) {
      keeper.renew();
      return "ask again";
    }
    if (!codes[code].reconnect) return "reject";
    // A draining server closes the connection itself, when it has told all it had to tell.
    if (code !== "draining") connection.cycle(codes[code].says);
    return "ask again";
  };

  const flush = (): void => {
    for (const seat of seats.all()) seat.flush();
  };

  const keeper = createTokenKeeper({
    token: options.token,
    times,
    now,
    id: randomId,
    log,
    /** The keeper speaks the words of channels; here they are an event and its acknowledgement. */
    send({ payload }) {
      if (!isFields(payload)) return;
      const { token, id } = payload;
      connection.emit("refresh_token", { token }, (ack) => {
        const { error: message, ...facts } = ack;
        keeper.settle(ack["ok"] === true ? { ...ack, id } : { ...facts, type: "error", message, id });
      });
    },
    accepted: flush,
    refused: (reason, fresh) => (fresh ? connection.cycle(reason) : connection.giveUp(reason)),
  });

  const route = (name: string, payload: unknown): void => {
    const space = name.indexOf(" ");
    const head = space === -1 ? name : name.slice(0, space);
    const named =
      space === -1 ? (isFields(payload) ? word(payload["room_id"]) : undefined) : name.slice(space + 1);
    if (named === undefined) return;
    for (const seat of seats.all()) if (seat.roomId() === named) seat.event(head, payload);
  };

  const { uri, path } = roomAddress(options.url);
  const make: SocketMaker = options.io ?? socketIo;
  const connection = createRoomConnection({
    socket: make(uri, {
      path,
      autoConnect: false,
      // Comings back are counted and told here; the engine only chooses its transports.
      reconnection: false,
      forceNew: true,
      timeout: times.openMs,
      withCredentials: true,
      auth: (tell: (data: Fields) => void) => {
        const token = keeper.token();
        tell(token === undefined ? {} : { token });
      },
      ...(options.transports && { transports: [...options.transports] }),
    }),
    policy,
    times,
    random,
    now,
    log,
    frames: watchFrames(options.onFrame),
    prepare: () => keeper.prepare(),
    up() {
      up = true;
      // When a token expires is told when it is shown in band; one that cannot be renewed needs no telling.
      if (keeper.renewable) keeper.introduce();
      for (const seat of seats.all()) seat.up();
    },
    down() {
      up = false;
      keeper.down();
      for (const seat of seats.all()) seat.down();
    },
    event: route,
    mayReturn(code) {
      if (!signIns.has(code) || !keeper.renewable) return false;
      keeper.spurned();
      return true;
    },
    changed: (state) => connectionChanged.tell(state),
  });

  return {
    get connection() {
      return connection.state();
    },
    onConnection: (listener) => connectionChanged.add(listener),
    conversation(chatId, roomOptions = {}) {
      if (closed) throw new ClientError("closed");
      const known = seats.get(chatId);
      const seat = seats.hold(chatId, () =>
        createRoom({
          chatId,
          options: roomOptions,
          tools: options.tools ?? {},
          now,
          emit: (event, payload, answered) => connection.emit(event, payload, answered),
          judge,
          log,
          waitMs: (attempt) => backoff(policy, attempt, random),
          release() {
            const roomId = seats.get(chatId)?.roomId();
            if (seats.release(chatId) && roomId !== undefined)
              connection.emit("leave_room", { room_id: roomId }, () => {});
          },
        }),
      );
      if (known !== undefined) return seat.conversation;
      if (up) seat.up();
      connection.start();
      return seat.conversation;
    },
    reconnectNow: () => connection.retryNow(),
    async close() {
      closed = true;
      seats.end();
      connection.close();
    },
  };
};
