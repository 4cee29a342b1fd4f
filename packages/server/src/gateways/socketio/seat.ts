import type { Moment, Role } from "@colloquy/protocol";
import type { Principal } from "../../auth/principal.ts";
import { roleIn } from "../../conversation/authorise.ts";
import type { Reader, Sink, Voice } from "../../conversation/conversations.ts";
import type { Room, RoomEvent, Seat as Place } from "../../conversation/rooms.ts";
import { ColloquyError } from "../../kernel/colloquy-error.ts";
import type { Connection, Waiting } from "./connection.ts";
import type { SocketIoContext } from "./context.ts";
import { presenceFrame } from "./presence-frames.ts";
import { factsFor, roomFacts } from "./room-facts.ts";
import { createRoomsVoice } from "./rooms-voice.ts";

export interface SeatOptions {
  readonly context: SocketIoContext;
  readonly connection: Connection;
  readonly principal: Principal;
  readonly room: Room;
  readonly cursor?: string;
  readonly history?: number;
  /** Called when the seat cannot be kept: the room is not theirs any more, or the reader cannot be served on. */
  readonly lost: (seat: Seat, error: ColloquyError) => void;
}

/** Own messages that are remembered so that they are not told to the socket which sent them. */
const maxOwn = 256;
/** One word about somebody typing a second is as good as many. */
const typingEveryMs = 1_000;

/** One room on one socket: its reader, its place among those who are there, and the way to the connection. */
export class Seat implements Sink, Waiting {
  /** Stands in the connection's line of those who wait for room. */
  waiting = false;
  readonly room: Room;
  readonly voice: Voice;
  readonly user: string;
  readonly #options: SeatOptions;
  readonly #place: Place;
  readonly #reader: Reader;
  #own: Set<string> | undefined;
  /** Who came and went that this socket has yet to be told. */
  #changes: Map<string, "joined" | "left"> | undefined;
  #typedAt = -Infinity;
  #started = false;
  #closed = false;

  /** @throws ColloquyError `not_allowed`, `token_expired` */
  constructor(options: SeatOptions) {
    const { context, principal, room, cursor, history } = options;
    this.#options = options;
    this.room = room;
    this.user = principal.user;
    const part2 = (cursor ?? history) !== undefined;
    const manner = { roomId: room.roomId, part2, facts: () => roomFacts(this.#place.facts()) };
    this.voice = createRoomsVoice(manner, context.addressees, (moment) => this.#isOwn(moment));
    const { conversations } = context;
    this.#place = conversations.rooms.sit(principal, room, (event) => this.#hear(event));
    try {
      this.#reader = conversations.attach(principal, room.conversation, {
        voice: this.voice,
        sink: this,
        forgiving: true,
        ...(cursor !== undefined && { cursor }),
        ...(history !== undefined && { history }),
      });
    } catch (thrown) {
      this.#place.leave();
      throw thrown;
    }
  }

  get reader(): Reader {
    return this.#reader;
  }

  get present(): readonly string[] {
    return this.#place.present;
  }

  /** What is told of the room to whoever sits here. */
  get facts(): ReturnType<typeof factsFor> {
    return factsFor(this.#place.facts(), this.role);
  }

  /** What they may do here just now. */
  get role(): Role {
    const { principal, room } = this.#options;
    return roleIn(principal, room.conversation, this.#place.facts().members) ?? "reader";
  }

  get closed(): boolean {
    return this.#closed;
  }

  start(): void {
    this.#started = true;
    this.#tellChanges();
    this.#reader.start();
  }

  /** A message of this socket is about to be asked. */
  owns(promptId: string): void {
    this.#own ??= new Set();
    this.#own.add(promptId);
    const [oldest] = this.#own.size > maxOwn ? this.#own : [];
    if (oldest !== undefined) this.#own.delete(oldest);
  }

  disowns(promptId: string): void {
    this.#own?.delete(promptId);
  }

  typing(): void {
    const now = this.#options.context.clock.monotonic();
    if (now - this.#typedAt < typingEveryMs) return;
    this.#typedAt = now;
    this.#place.typing();
  }

  /** A frame for everybody in the room that no log has, of an embedding program. */
  tell(frame: Buffer): void {
    if (!this.#closed) this.#options.connection.answer(frame);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#reader.close();
    this.#place.leave();
  }

  ready(bytes: number): boolean {
    const { connection } = this.#options;
    if (connection.takes(bytes)) return true;
    connection.makeRoomFor(this);
    return false;
  }

  send(frame: Buffer): void {
    if (frame.length === 0) return;
    const { context, connection } = this.#options;
    const only = context.addressees.get(frame);
    if (only?.to !== undefined && only.to !== this.user) return;
    if (only?.owners !== undefined && only.owners !== (this.role === "owner")) return;
    connection.write(frame);
  }

  fell(): void {
    this.#options.lost(this, new ColloquyError("too_slow"));
  }

  wake(): void {
    this.waiting = false;
    if (this.#closed) return;
    this.#tellChanges();
    this.#reader.wake();
  }

  #isOwn(moment: Moment): boolean {
    return (
      this.#own !== undefined &&
      moment.kind === "entry" &&
      moment.entry.kind === "prompt" &&
      !moment.past &&
      this.#own.has(moment.entry.id)
    );
  }

  #hear(event: RoomEvent): void {
    if (this.#closed) return;
    const { kind, user } = event;
    if (kind === "removed") {
      this.#options.lost(this, new ColloquyError("not_allowed"));
      return;
    }
    const { connection, context } = this.#options;
    const frame = context.presence.frame(this.room.roomId, event);
    if (this.#started && !this.#changes && connection.takes(frame.length)) {
      connection.write(frame);
    } else if (kind !== "typing") {
      // Of typing, old news is none. Who came and went in the meantime need not be told of either.
      this.#changes ??= new Map();
      if (this.#changes.has(user) && this.#changes.get(user) !== kind) this.#changes.delete(user);
      else this.#changes.set(user, kind);
      if (this.#started) connection.makeRoomFor(this);
    }
  }

  #tellChanges(): void {
    const { connection } = this.#options;
    if (!this.#changes || !this.#started) return;
    for (const [user, kind] of this.#changes) {
      const frame = presenceFrame(this.room.roomId, { kind, user });
      if (!this.ready(frame.length)) return;
      connection.write(frame);
      this.#changes.delete(user);
    }
    this.#changes = undefined;
  }
}
