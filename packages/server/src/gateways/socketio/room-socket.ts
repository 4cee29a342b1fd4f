import type { Socket } from "socket.io";
import type { Principal } from "../../auth/principal.ts";
import { ColloquyError, toColloquyError } from "../../kernel/colloquy-error.ts";
import type { Connection } from "./connection.ts";
import type { SocketIoContext } from "./context.ts";
import { refused } from "./refusal.ts";
import { roomFrame } from "./rooms-voice.ts";
import type { Seat } from "./seat.ts";

/** What an acknowledgement callback is called with; nothing happens where there is none. */
export type Acknowledge = (answer: object) => void;

export interface RoomSocketOptions {
  readonly context: SocketIoContext;
  readonly connection: Connection;
  readonly socket: Socket;
  readonly principal: Principal;
}

/** A user's socket on the namespace of rooms: who it is, which rooms it is in, and how it is answered. */
export class RoomSocket {
  readonly context: SocketIoContext;
  readonly connection: Connection;
  readonly id: string;
  principal: Principal;
  /** By room id. */
  readonly seats = new Map<string, Seat>();
  /** The room that it last found or created. */
  lastRoom: string | undefined;
  /** Resolves when the events that keep their order are done with; undefined while there are none. */
  tail: Promise<void> | undefined;
  /** Resolves when the last large answer is given. */
  large: Promise<void> | undefined;
  /** Events that have not been answered yet. */
  underWay = 0;
  #gone = false;

  constructor({ context, connection, socket, principal }: RoomSocketOptions) {
    this.context = context;
    this.connection = connection;
    this.id = socket.id;
    this.principal = principal;
  }

  get gone(): boolean {
    return this.#gone;
  }

  /** Tells this socket alone. */
  tell(name: string, payload: object): void {
    if (!this.#gone) this.connection.answer(roomFrame(name, payload));
  }

  /** @param names under which the refusal is told */
  refuse(thrown: unknown, acknowledge: Acknowledge, ...names: readonly string[]): void {
    const error = toColloquyError(thrown);
    const { meter, logger } = this.context;
    meter.refusals += 1;
    if (error.code === "internal") logger.error({ err: thrown }, "an event failed");
    if (this.#gone) return;
    for (const name of names) this.tell(name, refused(error));
    acknowledge({ ok: false, ...refused(error) });
  }

  /** A seat that it has lost through no doing of its own. */
  readonly lost = (seat: Seat, error: ColloquyError): void => {
    seat.close();
    if (this.seats.get(seat.room.roomId) === seat) this.seats.delete(seat.room.roomId);
    this.tell(`error ${seat.room.roomId}`, refused(error));
  };

  /** The shared timer looks in. */
  sweep(): void {
    const { expiresAt = Infinity } = this.principal;
    if (this.#gone || expiresAt > this.context.clock.now()) return;
    this.tell("room_error", refused(new ColloquyError("token_expired")));
    this.connection.close();
  }

  /** The socket is gone: its rooms see it leave. */
  leave(): void {
    this.#gone = true;
    for (const seat of this.seats.values()) seat.close();
    this.seats.clear();
  }
}
