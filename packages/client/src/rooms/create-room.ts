import type { Code } from "@colloquy/protocol";
import type { ClientLog } from "../client.ts";
import type { ConversationView, TurnError } from "../conversation.ts";
import { conversationEvents } from "../conversation-events.ts";
import {
  type ConversationState,
  foldRefused,
  foldSending,
  foldWithdrawn,
  withCursor,
  withError,
  withMore,
  withPhase,
} from "../conversation-state.ts";
import { leavesGap } from "../fold-progress.ts";
import { listeners } from "../listeners.ts";
import { type Fields, isFields } from "../read-payload.ts";
import type { Verdict } from "../requests.ts";
import { enterRoom } from "./enter-room.ts";
import { foldRoom, readChunk } from "./fold-room.ts";
import { createOlderPages } from "./older-pages.ts";
import { word, wordsOf } from "./read-room.ts";
import { createRoomActions } from "./room-actions.ts";
import { foldFacts } from "./room-facts.ts";
import { createRoomPresence } from "./room-presence.ts";
import { createRoomRequests } from "./room-requests.ts";
import { type RoomState, emptyRoom, forgetRoom, withConversation } from "./room-state.ts";
import type { ClientTools, RoomConversation, RoomOptions, RoomView } from "./rooms-client.ts";
import { createToolBench } from "./tool-bench.ts";

export interface RoomParts {
  readonly chatId: string;
  readonly options: RoomOptions;
  readonly tools: ClientTools;
  readonly now: () => number;
  readonly emit: (event: string, payload: Fields, answered: (ack: Fields) => void) => void;
  readonly judge: (code: Code) => Verdict;
  readonly log: (event: ClientLog) => void;
  /** How long to wait before the try of that number, milliseconds. */
  readonly waitMs: (attempt: number) => number;
  /** One holder let go. */
  readonly release: () => void;
}

/** A room as the client that owns it sees it. */
export interface RoomSeat {
  readonly conversation: RoomConversation;
  readonly roomId: () => string | undefined;
  /** The connection is there: comes in where it left off. */
  up(): void;
  down(): void;
  /** What waits to be asked can be asked now. */
  flush(): void;
  /** An event of the room; its name without the room's id. */
  event(name: string, payload: unknown): void;
  end(): void;
}

const defaultHistory = 50;
/** A cursor that fits nowhere, so that all of the present state is told. */
const noPlace = "-";

export const createRoom = (parts: RoomParts): RoomSeat => {
  const { chatId, log, now } = parts;
  const changed = listeners<ConversationView>(log);
  const roomChanged = listeners<undefined>(log);
  const presence = createRoomPresence(() => roomChanged.tell(undefined));
  const history = parts.options.history ?? defaultHistory;
  let state: RoomState = emptyRoom();
  let facts: RoomView = { chatId };
  let roomId: string | undefined;
  let joined = false;
  let healing = false;
  let refusals = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let ended = false;

  const put = (next: RoomState): void => {
    const before = state.conversation.view;
    state = next;
    if (before !== next.conversation.view) changed.tell(next.conversation.view);
  };
  const putConversation = (next: ConversationState): void => put(withConversation(state, next));
  const putFacts = (next: RoomView): void => {
    if (next === facts) return;
    facts = next;
    roomChanged.tell(undefined);
  };

  const requests = createRoomRequests({
    roomId: () => (joined ? roomId : undefined),
    emit: parts.emit,
    judge: parts.judge,
  });

  const enter = (place?: string): void => {
    clearTimeout(retry);
    enterRoom(
      {
        chatId,
        options: parts.options,
        emit: parts.emit,
        history,
        cursor: () => place ?? state.conversation.cursor,
        joined: isIn,
        refused: isOut,
      },
      roomId,
    );
  };

  const pages = createOlderPages({
    cursor: () => state.conversation.cursor,
    rejoin(newest, answered) {
      if (!joined || roomId === undefined) return false;
      parts.emit("join_room", { room_id: roomId, history: newest }, answered);
      return true;
    },
  });

  const isIn = (id: string, ack: Fields): void => {
    roomId = id;
    joined = true;
    refusals = 0;
    const recovered = ack["recovered"] === true;
    const base = recovered ? state : forgetRoom(state);
    if (!recovered) pages.began(word(ack["cursor"]));
    const live = withPhase(withMore(base.conversation, pages.more()), "live");
    // What follows brings its own places; who has not been anywhere comes back to the present one.
    const cursor = live.cursor ?? word(ack["cursor"]);
    put({ ...base, roomId: id, conversation: withCursor(withError(live, undefined), cursor) });
    putFacts(foldFacts({ ...facts, roomId: id }, ack));
    presence.all(wordsOf(ack["present"]));
    requests.flush();
  };

  const isOut = (error: TurnError): void => {
    putConversation(withError(state.conversation, error));
    // The room is gone, or has another id: it is looked for anew.
    if (error.code === "not_found") roomId = undefined;
    refusals += 1;
    if (error.retry) retry = setTimeout(() => enter(), parts.waitMs(refusals));
  };

  /** Asks for the present state, once a connection: a server that leaves gaps again will not be cured by asking. */
  const heal = (messageId: string): void => {
    healing = true;
    log({ event: "gap", channel: `chat:${chatId}`, messageId });
    enter(noPlace);
  };

  const runTool = createToolBench(parts.tools, requests, log);

  const actions = createRoomActions({
    requests,
    state: () => state,
    facts: () => facts,
    put,
    putFacts,
    sending: (prompt) => putConversation(foldSending(state.conversation, prompt)),
    refused: (messageId, error) => putConversation(foldRefused(state.conversation, messageId, error)),
    withdrawn: (messageId) => putConversation(foldWithdrawn(state.conversation, messageId)),
    now,
  });

  const conversation: RoomConversation = {
    ...actions,
    channel: `chat:${chatId}`,
    view: () => state.conversation.view,
    room: () => facts,
    presence: () => presence.view(),
    subscribe: (listener) => changed.add(listener),
    onRoom: (listener) => roomChanged.add(listener),
    events: (signal) =>
      conversationEvents(
        {
          view: () => state.conversation.view,
          subscribe: (listener) => changed.add(listener),
          onRelay: () => () => {},
          closed: () => ended,
        },
        signal,
      ),
    async older(limit = defaultHistory) {
      const more = await pages.load(limit);
      putConversation(withMore(state.conversation, more));
      return more;
    },
    typing() {
      if (joined && roomId !== undefined && presence.tells(now()))
        parts.emit("typing", { room_id: roomId }, () => {});
    },
    close: () => parts.release(),
  };

  return {
    conversation,
    roomId: () => roomId,
    up() {
      healing = false;
      enter();
    },
    down() {
      clearTimeout(retry);
      joined = false;
      requests.down();
      pages.down();
      presence.quiet();
      if (state.conversation.view.phase === "live") putConversation(withPhase(state.conversation, "stale"));
    },
    flush: () => requests.flush(),
    event(name, payload) {
      if (!isFields(payload)) return;
      const user = word(payload["user_id"]) ?? "";
      if (name === "user_joined") presence.joined(user);
      else if (name === "user_left") presence.left(user);
      else if (name === "typing") presence.typing(user);
      else if (name === "function_call") void runTool(payload);
      else if (name === "room_changed") putFacts(foldFacts(facts, payload));
      if (name === "stream_chunk" && !healing) {
        const chunk = readChunk(state, payload);
        if (chunk && leavesGap(state.conversation, chunk)) heal(chunk.messageId);
      }
      const data = payload["data"];
      if (name === "receive_message" && isFields(data)) presence.said(word(data["user_id"]) ?? "");
      put(foldRoom(state, name, payload, now()));
      pages.told();
    },
    end() {
      ended = true;
      clearTimeout(retry);
      requests.close();
      pages.down();
      presence.quiet();
      changed.tell(state.conversation.view);
    },
  };
};
