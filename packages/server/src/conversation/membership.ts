import type { Entry, NewEntry, NoteEntry, Role } from "@colloquy/protocol";
import type { Store } from "../stores/store.ts";
import type { Room, RoomSettings } from "./rooms.ts";

const chats = "chat:";

/** Conversations that have members: those of chats. */
export const hasMembers = (conversation: string): boolean => conversation.startsWith(chats);

export const conversationOfChat = (chatId: string): string => chats + chatId;

const roles: ReadonlySet<unknown> = new Set(["reader", "writer", "owner"] satisfies Role[]);
const isRole = (value: unknown): value is Role => roles.has(value);

/** A user is made a member, or with no role is none any more. */
export const memberNote = (user: string, role: Role | undefined, at: number): NewEntry => ({
  kind: "note",
  at,
  about: "member",
  key: user,
  data: role === undefined ? {} : { role },
});

/** What a member note says. */
export const roleOf = (note: NoteEntry): Role | undefined => {
  const role = note.data?.["role"];
  return isRole(role) ? role : undefined;
};

/** What a room is from now on. */
export const roomNote = (
  room: Pick<Room, "roomId" | "source" | "model" | "settings">,
  at: number,
): NewEntry => ({
  kind: "note",
  at,
  about: "room",
  key: room.roomId,
  data: { source: room.source, model: room.model, settings: room.settings },
});

const isSettings = (value: unknown): value is RoomSettings => typeof value === "object" && value !== null;

const roomOf = (note: NoteEntry, conversation: string): Room | undefined => {
  const { source, model, settings } = note.data ?? {};
  if (note.key === undefined || typeof source !== "string" || typeof model !== "string") return undefined;
  return {
    roomId: note.key,
    chatId: conversation.slice(chats.length),
    conversation,
    source,
    model,
    settings: isSettings(settings) ? settings : {},
  };
};

/** Who belongs to a conversation and which room it is, as the notes in its log say; the newest about each counts. */
export class Membership {
  readonly members = new Map<string, Role>();
  room: Room | undefined;
  readonly #conversation: string;

  constructor(conversation: string) {
    this.#conversation = conversation;
  }

  /** Reads what the log has. */
  async load(store: Store): Promise<void> {
    const [members, rooms] = await Promise.all([
      store.readNotes(this.#conversation, "member"),
      store.readNotes(this.#conversation, "room"),
    ]);
    this.members.clear();
    this.hear([...members, ...rooms]);
  }

  /** Entries that are durable. */
  hear(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (entry.kind !== "note" || entry.key === undefined) continue;
      if (entry.about === "room") this.room = roomOf(entry, this.#conversation) ?? this.room;
      if (entry.about !== "member") continue;
      const role = roleOf(entry);
      if (role) this.members.set(entry.key, role);
      else this.members.delete(entry.key);
    }
  }
}
