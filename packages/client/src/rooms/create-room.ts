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
import { foldFacts, isSeatLost } from "./room-facts.ts";
import { createRoomPresence } from "./room-presence.ts";
import { type RoomRequests, createRoomRequests } from "./room-requests.ts";
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
  /** What a new room is made of, and whether one is to be made where there is none. */
  let wish: Pick<RoomOptions, "source" | "model"> = parts.options;
  let makes = parts.options.late !== true;
  let absent = false;

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

  const line = createRoomRequests({
    roomId: () => (joined ? roomId : undefined),
    emit: parts.emit,
    judge: parts.judge,
  });
  const requests: RoomRequests = {
    ...line,
    ask(question) {
      makes = true;
      if (absent) enter();
      return line.ask(question);
    },
  };

  const enter = (place?: string): void => {
    clearTimeout(retry);
    absent = false;
    enterRoom(
      {
        chatId,
        wish: () => wish,
        makes: () => makes,
        absent: isAbsent,
        emit: parts.emit,
        history,
        cursor: () => place ?? state.conversation.cursor,
        joined: isIn,
        refused: isOut,
      },
      roomId,
    );
  };

  const pages = createOlderPages({ requests: line, state: () => state, put: (next) => put(next), now });

  /** Nobody has made the room: whoever asks first here does, and owns it. */
  const isAbsent = (): void => {
    absent = true;
    const { conversation } = forgetRoom(state);
    putConversation(withPhase(withError(conversation, undefined), "live"));
    putFacts({ chatId, ...wish, role: "owner" });
  };

  const isIn = (id: string, ack: Fields): void => {
    roomId = id;
    joined = true;
    refusals = 0;
    const recovered = ack["recovered"] === true;
    const base = recovered ? state : forgetRoom(state);
    if (!recovered) pages.began(ack["before"]);
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
    putFacts(next) {
      if (absent) wish = next;
      putFacts(next);
    },
    exists: () => !absent,
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
    older: (limit = defaultHistory) => pages.load(limit),
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
      absent = false;
      requests.down();
      presence.quiet();
      if (state.conversation.view.phase === "live") putConversation(withPhase(state.conversation, "stale"));
    },
    flush: () => requests.flush(),
    event(name, payload) {
      if (!isFields(payload)) return;
      presence.heard(name, payload);
      if (name === "function_call") void runTool(payload);
      else if (name === "room_changed") putFacts(foldFacts(facts, payload));
      // Shown out, or too slow: asking to come in again tells which.
      else if (name === "error" && joined && isSeatLost(payload["code"])) enter();
      if (name === "stream_chunk" && !healing) {
        const chunk = readChunk(state, payload);
        if (chunk && leavesGap(state.conversation, chunk)) heal(chunk.messageId);
      }
      pages.told(name, payload);
      put(foldRoom(state, name, payload, now()));
    },
    end() {
      ended = true;
      clearTimeout(retry);
      requests.close();
      presence.quiet();
      changed.tell(state.conversation.view);
    },
  };
};
