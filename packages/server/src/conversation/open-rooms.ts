import type { Clock } from "../kernel/clock.ts";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import type { Logger } from "../kernel/logger.ts";
import type { RoomKind } from "./room-kind.ts";
import type { Room, RoomEvent, Seat } from "./rooms.ts";

/** How long a room stays open that nobody is in; milliseconds. */
const emptyMs = 60_000;

interface OpenRoom {
  readonly room: Room;
  readonly kind: RoomKind;
  /** Resolves when its kind has started it. */
  readonly started: Promise<void>;
  /** Seats of each user. */
  readonly seats: Map<string, Set<(event: RoomEvent) => void>>;
  /** Monotonic milliseconds; undefined while somebody is there. */
  emptySince: number | undefined;
}

interface OpenRoomsOptions {
  readonly kinds: ReadonlyMap<string, RoomKind>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Rooms that are open, and who is in them: memory only. Closing one forgets nothing but that. */
export class OpenRooms {
  readonly #options: OpenRoomsOptions;
  readonly #rooms = new Map<string, OpenRoom>();
  /** A room that is opened again starts when its kind has stopped it. */
  readonly #stopping = new Map<string, Promise<void>>();

  constructor(options: OpenRoomsOptions) {
    this.#options = options;
  }

  find(roomId: string): Room | undefined {
    return this.#rooms.get(roomId)?.room;
  }

  /** Opens a room unless it is open; rejects with `room_failed`, or what its kind says, when it cannot be. */
  async open(room: Room): Promise<RoomKind> {
    const { kinds, clock } = this.#options;
    const kind = kinds.get(room.source);
    if (!kind) throw new ColloquyError("unknown_room_kind", { detail: room.source });
    let open = this.#rooms.get(room.roomId);
    if (open && open.kind !== kind) {
      // Its source was changed: who is in it stays.
      void this.#stop(open);
      open = undefined;
    }
    if (!open) {
      const seats = this.#rooms.get(room.roomId)?.seats ?? new Map();
      const emptySince = seats.size > 0 ? undefined : clock.monotonic();
      open = { room, kind, started: startOf(kind, room, this.#stopping.get(room.roomId)), seats, emptySince };
      this.#rooms.set(room.roomId, open);
    }
    try {
      await open.started;
    } catch (thrown) {
      if (this.#rooms.get(room.roomId) === open) this.#rooms.delete(room.roomId);
      throw thrown;
    }
    return kind;
  }

  sit(user: string, room: Room, hear: (event: RoomEvent) => void): Seat {
    const open = this.#rooms.get(room.roomId);
    if (!open) throw new ColloquyError("not_found", { message: "There is no such room." });
    open.emptySince = undefined;
    const mine = open.seats.get(user) ?? new Set();
    if (mine.size === 0) tell(open, { kind: "joined", user });
    open.seats.set(user, mine.add(hear));
    return {
      present: [...open.seats.keys()],
      typing: () => {
        if (mine.has(hear)) tell(open, { kind: "typing", user });
      },
      leave: () => {
        if (!mine.delete(hear) || mine.size > 0) return;
        open.seats.delete(user);
        tell(open, { kind: "left", user });
        if (open.seats.size === 0) open.emptySince = this.#options.clock.monotonic();
      },
    };
  }

  /** Somebody is no member any more: their seats hear so, and give way. */
  evict(roomId: string, user: string): void {
    const seats = this.#rooms.get(roomId)?.seats.get(user);
    for (const hear of seats ?? []) hear({ kind: "removed", user });
  }

  /** Closes rooms that have been empty for a while. @param resting whether a room's conversation does nothing just now */
  sweep(resting: (room: Room) => boolean): void {
    const latest = this.#options.clock.monotonic() - emptyMs;
    for (const open of this.#rooms.values()) {
      if (open.emptySince === undefined || open.emptySince > latest || !resting(open.room)) continue;
      this.#rooms.delete(open.room.roomId);
      void this.#stop(open);
    }
  }

  async close(): Promise<void> {
    const all = [...this.#rooms.values()];
    this.#rooms.clear();
    await Promise.all(all.map((open) => this.#stop(open)));
  }

  async #stop(open: OpenRoom): Promise<void> {
    const stopping = this.#stopped(open);
    this.#stopping.set(open.room.roomId, stopping);
    await stopping;
    if (this.#stopping.get(open.room.roomId) === stopping) this.#stopping.delete(open.room.roomId);
  }

  async #stopped({ kind, room, started }: OpenRoom): Promise<void> {
    try {
      await started;
      await kind.stop?.(room);
    } catch (thrown) {
      const { conversation } = room;
      this.#options.logger.error({ err: thrown, conversation }, "a room could not be stopped");
    }
  }
}

const startOf = async (kind: RoomKind, room: Room, after: Promise<void> | undefined): Promise<void> => {
  await after;
  try {
    await kind.start?.(room);
  } catch (thrown) {
    if (thrown instanceof ColloquyError) throw thrown;
    throw new ColloquyError("room_failed", { cause: thrown });
  }
};

/** Everyone else in the room hears it. */
const tell = (open: OpenRoom, event: RoomEvent): void => {
  for (const [user, seats] of open.seats) {
    if (user !== event.user) for (const hear of seats) hear(event);
  }
};
