import type { Clock } from "../kernel/clock.ts";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import type { Logger } from "../kernel/logger.ts";
import { within } from "../kernel/within.ts";
import type { RoomKind } from "./room-kind.ts";
import type { Room, RoomEvent, Seat } from "./rooms.ts";

/** How long a room stays open that nobody is in; milliseconds. */
const emptyMs = 60_000;
/** How long its kind may take to start a room, and to stop it; milliseconds. Clients wait 30 seconds. */
const startMs = 15_000;
const stopMs = 5_000;

interface OpenRoom {
  readonly room: Room;
  readonly kind: RoomKind;
  /** Resolves when its kind has started it. */
  readonly started: Promise<void>;
}

/** Who is in a room. They stay when its kind changes, also when the new one cannot be started. */
interface Guests {
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
  readonly #guests = new Map<string, Guests>();
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
    const { roomId } = room;
    const kind = this.#options.kinds.get(room.source);
    if (!kind) throw new ColloquyError("unknown_room_kind", { detail: room.source });
    let open = this.#rooms.get(roomId);
    if (open && open.kind !== kind) {
      // Its source was changed: who is in it stays.
      void this.#stop(open);
      open = undefined;
    }
    this.#expect(roomId);
    if (!open) {
      open = { room, kind, started: this.#start(kind, room, this.#stopping.get(roomId)) };
      this.#rooms.set(roomId, open);
    }
    try {
      await open.started;
    } catch (thrown) {
      if (this.#rooms.get(roomId) === open) this.#rooms.delete(roomId);
      this.#dismiss(roomId);
      throw thrown;
    }
    return kind;
  }

  sit(user: string, { roomId }: Room, hear: (event: RoomEvent) => void): Omit<Seat, "facts"> {
    const guests = this.#guests.get(roomId);
    if (!guests || !this.#rooms.has(roomId))
      throw new ColloquyError("not_found", { message: "There is no such room." });
    guests.emptySince = undefined;
    const mine = guests.seats.get(user) ?? new Set();
    if (mine.size === 0) tell(guests, { kind: "joined", user });
    guests.seats.set(user, mine.add(hear));
    return {
      present: [...guests.seats.keys()],
      typing: () => {
        if (mine.has(hear)) tell(guests, { kind: "typing", user });
      },
      leave: () => {
        if (!mine.delete(hear) || mine.size > 0) return;
        guests.seats.delete(user);
        tell(guests, { kind: "left", user });
        if (guests.seats.size > 0) return;
        guests.emptySince = this.#options.clock.monotonic();
        this.#dismiss(roomId);
      },
    };
  }

  /** Somebody is no member any more: their seats hear so, and give way. */
  evict(roomId: string, user: string): void {
    const seats = this.#guests.get(roomId)?.seats.get(user);
    for (const hear of seats ?? []) hear({ kind: "removed", user });
  }

  /** Closes rooms that have been empty for a while. @param resting whether a room's conversation does nothing just now */
  sweep(resting: (room: Room) => boolean): void {
    const latest = this.#options.clock.monotonic() - emptyMs;
    for (const open of this.#rooms.values()) {
      const { roomId } = open.room;
      const emptySince = this.#guests.get(roomId)?.emptySince;
      if (emptySince === undefined || emptySince > latest || !resting(open.room)) continue;
      this.#rooms.delete(roomId);
      this.#dismiss(roomId);
      void this.#stop(open);
    }
  }

  async close(): Promise<void> {
    const all = [...this.#rooms.values()];
    this.#rooms.clear();
    await Promise.all(all.map((open) => this.#stop(open)));
  }

  /** Somebody is about to come in: an empty room stays open for a while from now on. */
  #expect(roomId: string): void {
    const now = this.#options.clock.monotonic();
    const guests = this.#guests.get(roomId) ?? { seats: new Map(), emptySince: now };
    if (guests.emptySince !== undefined) guests.emptySince = now;
    this.#guests.set(roomId, guests);
  }

  /** Nobody is in a room that is not open. */
  #dismiss(roomId: string): void {
    if (!this.#rooms.has(roomId) && this.#guests.get(roomId)?.seats.size === 0) this.#guests.delete(roomId);
  }

  async #start(kind: RoomKind, room: Room, after: Promise<void> | undefined): Promise<void> {
    const { clock, logger } = this.#options;
    await after;
    const starting = (async () => kind.start?.(room))();
    const late = (): Error => {
      void starting.then(() => this.#undo(kind, room)).catch(() => {});
      return new Error(`the room was not started within ${startMs / 1000} seconds`);
    };
    try {
      await within(startMs, clock, () => starting, late);
    } catch (thrown) {
      if (thrown instanceof ColloquyError) throw thrown;
      logger.error({ err: thrown, conversation: room.conversation }, "a room could not be started");
      throw new ColloquyError("room_failed", { cause: thrown });
    }
  }

  /** It started after all, when nobody waited for it any more. */
  async #undo(kind: RoomKind, room: Room): Promise<void> {
    if (!this.#rooms.has(room.roomId)) await kind.stop?.(room);
  }

  async #stop(open: OpenRoom): Promise<void> {
    const stopping = this.#stopped(open);
    this.#stopping.set(open.room.roomId, stopping);
    await stopping;
    if (this.#stopping.get(open.room.roomId) === stopping) this.#stopping.delete(open.room.roomId);
  }

  /** What cannot be stopped in time is not waited for. */
  async #stopped({ kind, room, started }: OpenRoom): Promise<void> {
    const { clock, logger } = this.#options;
    const stop = async (): Promise<void> => {
      await started;
      await kind.stop?.(room);
    };
    const late = (): Error => new Error(`the room was not stopped within ${stopMs / 1000} seconds`);
    try {
      await within(stopMs, clock, stop, late);
    } catch (thrown) {
      logger.error({ err: thrown, conversation: room.conversation }, "a room could not be stopped");
    }
  }
}

/** Everyone else in the room hears it. */
const tell = (guests: Guests, event: RoomEvent): void => {
  for (const [user, seats] of guests.seats) {
    if (user !== event.user) for (const hear of seats) hear(event);
  }
};
