import { ClientError } from "../client-error.ts";
import type { TurnError } from "../conversation.ts";
import { withTurns } from "../conversation-state.ts";
import { randomId } from "../random-id.ts";
import { toldFile } from "../told-file.ts";
import { indexOfTurn, replaceTurn } from "../turn-list.ts";
import { foldSent } from "./fold-room.ts";
import { word } from "./read-room.ts";
import { withMember } from "./room-facts.ts";
import type { RoomRequests } from "./room-requests.ts";
import { type RoomState, withConversation } from "./room-state.ts";
import type { RoomConversation, RoomPromptOptions, RoomView } from "./rooms-client.ts";

export interface RoomActionParts {
  readonly requests: RoomRequests;
  readonly state: () => RoomState;
  readonly facts: () => RoomView;
  readonly put: (state: RoomState) => void;
  readonly putFacts: (facts: RoomView) => void;
  readonly sending: (prompt: { readonly messageId: string; readonly text: string }) => void;
  readonly refused: (messageId: string, error: TurnError) => void;
  readonly withdrawn: (messageId: string) => void;
  readonly now: () => number;
  /** Whether there is a room, or will be whatever is chosen for it now. */
  readonly exists: () => boolean;
}

type RoomActions = Pick<
  RoomConversation,
  "prompt" | "cancel" | "approve" | "deny" | "invite" | "configure" | "use" | "file"
>;

/** What was not refused by the server: the prompt was taken back, or the client was closed. */
const local: ReadonlySet<string> = new Set(["cancelled", "closed"]);

const errorFrom = ({ code, message, retry }: ClientError): TurnError => ({ code, message, retry });

const messageOf = (id: string, text: string, { assistant, files = [] }: RoomPromptOptions): object => ({
  type: "sbaw.incoming.text_message.user",
  id,
  data: {
    item: {
      id,
      type: "message",
      role: "user",
      modality: "text",
      content: text,
      ...(assistant !== undefined && { model_id: assistant }),
      ...(files.length > 0 && {
        files: files.map(({ name, type, data }) => ({ name, type, content: data })),
      }),
    },
  },
});

/** What one can do in a room. */
export const createRoomActions = (parts: RoomActionParts): RoomActions => {
  const { requests, state, put } = parts;

  const showFiles = (messageId: string, files: NonNullable<RoomPromptOptions["files"]>): void => {
    const { conversation } = state();
    const { turns } = conversation.view;
    const index = indexOfTurn(turns, messageId);
    const turn = turns[index];
    if (turn === undefined || files.length === 0) return;
    const next = replaceTurn(turns, index, { ...turn, files: files.map(toldFile) });
    put(withConversation(state(), withTurns(conversation, next)));
  };

  const answerOf = (messageId: string): string =>
    [...state().answers].find(([, turn]) => turn === messageId)?.[0] ?? messageId;

  return {
    async prompt(text, options = {}) {
      const messageId = options.messageId ?? randomId();
      parts.sending({ messageId, text });
      showFiles(messageId, options.files ?? []);
      const message = messageOf(messageId, text, options);
      try {
        const ack = await requests.ask({ event: "send_message", messageId, body: { message } });
        const answerId = word(ack["message_id"]);
        if (answerId !== undefined) put(foldSent(state(), messageId, answerId, parts.now()));
        return { messageId, cursor: word(ack["cursor"]) ?? "" };
      } catch (error) {
        if (error instanceof ClientError && !local.has(error.code))
          parts.refused(messageId, errorFrom(error));
        throw error;
      }
    },

    async cancel(messageId) {
      if (messageId !== undefined && requests.withdraw(messageId)) {
        parts.withdrawn(messageId);
        return;
      }
      const body = messageId === undefined ? {} : { message_id: answerOf(messageId) };
      await requests.ask({ event: "cancel", body, heardBefore: "no_such_turn" });
    },

    async approve(callId) {
      const body = { call_id: callId };
      await requests.ask({ event: "approve_function", body, heardBefore: "already_decided" });
    },

    async deny(callId, reason) {
      const body = { call_id: callId, ...(reason !== undefined && { reason }) };
      await requests.ask({ event: "deny_function", body, heardBefore: "already_decided" });
    },

    async invite(user, role) {
      await requests.ask({ event: "invite", body: { user_id: user, role: role ?? null } });
      parts.putFacts(withMember(parts.facts(), user, role));
    },

    async configure({ instructions, history, autoExecute, tools }) {
      const data = {
        ...(instructions !== undefined && { instructions }),
        ...(history !== undefined && { history_length: history }),
        ...(autoExecute !== undefined && { auto_execute_functions: autoExecute }),
        ...(tools && { tools }),
      };
      const event = { type: "sbaw.assistant.update_session", id: randomId(), data };
      await requests.ask({ event: "event", body: { event } });
      const facts = parts.facts();
      const set = { instructions, history, autoExecute, tools };
      const given = Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined));
      parts.putFacts({ ...facts, settings: { ...facts.settings, ...given } });
    },

    async use(source, model) {
      const { chatId } = parts.facts();
      if (parts.exists()) {
        const body = { chat_id: chatId, model_api_source: source, model_id: model };
        const ack = await requests.ask({ event: "create_room", body });
        // Who may not change it is told what it is; ids may be asked for with their source before them.
        const is = word(ack["model_id"]) ?? model;
        if (is !== model && `${source}.${is}`.toLowerCase() !== model.toLowerCase())
          throw new ClientError("not_allowed");
      }
      parts.putFacts({ ...parts.facts(), source, model });
    },

    async file(messageId, index) {
      const body = { message_id: answerOf(messageId), index };
      const ack = await requests.ask({ event: "file", body });
      return {
        name: word(ack["name"]) ?? "",
        type: word(ack["type"]) ?? "",
        data: word(ack["content"]) ?? "",
      };
    },
  };
};
