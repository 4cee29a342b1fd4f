import type { Accepted, NewEntry } from "@colloquy/protocol";
import type { Principal } from "../auth/principal.ts";
import { type Clock } from "../kernel/clock.ts";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import type { Ids } from "../kernel/ids.ts";
import type { Logger } from "../kernel/logger.ts";
import { within } from "../kernel/within.ts";
import type { Store } from "../stores/store.ts";
import type { Action, Authoriser } from "./authorise.ts";
import type { Conversation } from "./conversation.ts";
import type { PromptRequest } from "./conversations.ts";
import { conversationOfChat, memberNote, roomNote } from "./membership.ts";
import { OpenRooms } from "./open-rooms.ts";
import type { RoomKind } from "./room-kind.ts";
import type { Room, RoomMessage, Rooms } from "./rooms.ts";

export interface RoomsOptions {
  readonly kinds: ReadonlyMap<string, RoomKind>;
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly authoriser: Authoriser;
  /** The conversation of that id, in memory from now on. */
  readonly get: (conversation: string) => Conversation;
  readonly prompt: (principal: Principal, conversation: string, request: PromptRequest) => Promise<Accepted>;
}

/** Rooms with their lifetime. */
export interface RoomsHouse extends Rooms {
  /** Stops what rooms nobody needs any more; called now and then. */
  sweep(): void;
  close(): Promise<void>;
}

const longestChatId = 512;
/** How long a kind of room may take to read a message, milliseconds. Clients wait 30 seconds. */
const handleMs = 15_000;

type Asked = Pick<PromptRequest, "text" | "files">;

export const createRooms = (options: RoomsOptions): RoomsHouse => {
  const { kinds, store, clock, ids, authoriser, get, prompt } = options;
  const openRooms = new OpenRooms(options);
  /** By conversation: what changes a room is done one after the other. */
  const turns = new Map<string, Promise<unknown>>();

  /** The one that it was found in may have been forgotten while it waited for its turn. */
  const inTurn = async <T>(conversation: string, work: (now: Conversation) => Promise<T>): Promise<T> => {
    const mine = Promise.allSettled([turns.get(conversation)]).then(async () => {
      const now = get(conversation);
      await now.open(false);
      return work(now);
    });
    turns.set(conversation, mine);
    try {
      return await mine;
    } finally {
      if (turns.get(conversation) === mine) turns.delete(conversation);
    }
  };

  const may = (principal: Principal, action: Action, { id, members }: Conversation): boolean =>
    authoriser.may(principal, action, id, members);
  const check = (principal: Principal, action: Action, { id, members }: Conversation): void =>
    authoriser.check(principal, action, id, members);

  const chat = (chatId: string): Conversation => {
    if (chatId === "" || chatId.length > longestChatId)
      throw new ColloquyError("bad_frame", { detail: "chat_id" });
    return get(conversationOfChat(chatId.toWellFormed()));
  };

  /** The conversation of a room that the principal may read; of any other there is no sign. */
  const conversationOf = async (principal: Principal, roomId: string): Promise<[Conversation, Room]> => {
    const known = openRooms.find(roomId)?.conversation;
    const [found] = known === undefined ? await store.findNotes("room", roomId) : [];
    const id = known ?? found?.conversation;
    const conversation = id === undefined ? undefined : get(id);
    if (!conversation || !(await conversation.open(false)) || !may(principal, "read", conversation)) {
      throw new ColloquyError("not_found", { message: "There is no such room." });
    }
    const room = conversation.membership?.room;
    if (room?.roomId !== roomId) throw new ColloquyError("not_found", { message: "There is no such room." });
    return [conversation, room];
  };

  /** What a message asks, as the room's kind reads it; a kind that never says is not waited for for ever. */
  const handled = async (kind: RoomKind, room: Room, message: RoomMessage): Promise<Asked> => {
    if (!kind.handle) return message;
    const late = (): Error =>
      new ColloquyError("room_failed", { message: "The room took too long to read the message." });
    return within(handleMs, clock, async () => kind.handle?.(room, message) ?? message, late);
  };

  const checkModel = (source: string, model: string): void => {
    const kind = kinds.get(source);
    if (!kind) throw new ColloquyError("unknown_room_kind", { detail: source });
    if (!kind.model(model)) throw new ColloquyError("unknown_model", { detail: model });
  };

  return {
    async find(principal, chatId) {
      const conversation = chat(chatId);
      if (!(await conversation.open(false)) || !may(principal, "read", conversation)) return undefined;
      return conversation.membership?.room;
    },

    async create(principal, wish) {
      const { id } = chat(wish.chatId);
      const source = wish.source.toLowerCase();
      const model = bareModel(source, wish.model);
      const made = await inTurn(id, async (conversation) => {
        checkModel(source, model);
        const at = clock.now();
        const known = conversation.membership?.room;
        const notes: NewEntry[] = [];
        // Whoever is known to be expired or banned may not make one either: the owner's rights are asked of the hook too.
        if (known) check(principal, "read", conversation);
        else if (conversation.members.size === 0) {
          authoriser.check(principal, "configure", id, new Map([[principal.user, "owner"]]));
          notes.push(memberNote(principal.user, "owner", at));
        } else check(principal, "configure", conversation);
        const changed = known?.source !== source || known.model !== model;
        if (!known || (changed && may(principal, "configure", conversation))) {
          const roomId = known?.roomId ?? `room_${ids.next()}`;
          notes.unshift(roomNote({ roomId, source, model, settings: known?.settings ?? {} }, at));
        }
        await conversation.open(true);
        if (notes.length > 0) await conversation.write(notes);
        const room = conversation.membership?.room;
        if (!room) throw new ColloquyError("internal", { detail: "a room has no note" });
        return room;
      });
      await openRooms.open(made);
      return made;
    },

    async open(principal, roomId) {
      const [, room] = await conversationOf(principal, roomId);
      await openRooms.open(room);
      return room;
    },

    async say(principal, roomId, message) {
      const [conversation, room] = await conversationOf(principal, roomId);
      check(principal, "prompt", conversation);
      const kind = await openRooms.open(room);
      const model = message.model === undefined ? room.model : bareModel(room.source, message.model);
      if (!kind.model(model)) throw new ColloquyError("unknown_model", { detail: model });
      const { text, files } = await handled(kind, room, message);
      return prompt(principal, conversation.id, {
        text,
        assistant: `${room.source}.${model}`,
        ...(files && { files }),
        ...(message.promptId !== undefined && { promptId: message.promptId }),
      });
    },

    async configure(principal, roomId, settings) {
      const [{ id }] = await conversationOf(principal, roomId);
      return inTurn(id, async (conversation) => {
        check(principal, "configure", conversation);
        const room = conversation.membership?.room;
        if (!room) throw new ColloquyError("not_found");
        const next = { ...room, settings: { ...room.settings, ...settings } };
        await conversation.write([roomNote(next, clock.now())]);
        return next;
      });
    },

    async invite(principal, roomId, user, role) {
      const [{ id }] = await conversationOf(principal, roomId);
      await inTurn(id, async (conversation) => {
        check(principal, "invite", conversation);
        const others = [...conversation.members].filter(([name, is]) => is === "owner" && name !== user);
        if (role !== "owner" && others.length === 0)
          throw new ColloquyError("not_allowed", { message: "A room needs an owner." });
        await conversation.write([memberNote(user.toWellFormed(), role, clock.now())]);
        if (role !== undefined) return;
        openRooms.evict(roomId, user);
        conversation.audience.showOut(user);
      });
    },

    async members(principal, roomId) {
      const [conversation] = await conversationOf(principal, roomId);
      return new Map(conversation.members);
    },

    sit(principal, room, hear) {
      const conversation = get(room.conversation);
      check(principal, "read", conversation);
      const { membership, members } = conversation;
      const facts = () => ({ room: membership?.room ?? room, members });
      return { ...openRooms.sit(principal.user, room, hear), facts };
    },

    sweep: () => openRooms.sweep((room) => get(room.conversation).resting),
    close: () => openRooms.close(),
  };
};

/** Existing clients also write a model's id with its source before it. */
const bareModel = (source: string, model: string): string =>
  model.toLowerCase().startsWith(`${source}.`) ? model.slice(source.length + 1) : model;
