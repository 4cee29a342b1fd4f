import { randomId } from "../random-id.ts";
import { type Fields, isFields } from "../read-payload.ts";
import { type Question, type Requests, type RequestsOptions, createRequests } from "../requests.ts";

/** Something that is asked in a room: an event, and its payload without the room's id. */
export interface RoomQuestion extends Pick<Question, "messageId" | "heardBefore"> {
  /** `{room_id}` in it stands for the room's id. */
  readonly event: string;
  readonly body: Fields;
}

export interface RoomRequests extends Pick<Requests, "flush" | "down" | "close"> {
  ask(question: RoomQuestion): Promise<Fields>;
  withdraw(messageId: string): boolean;
}

export interface RoomRequestsOptions extends Pick<RequestsOptions, "judge"> {
  /** The room's id, once one has come in on the present connection. */
  readonly roomId: () => string | undefined;
  readonly emit: (event: string, payload: Fields, answered: (ack: Fields) => void) => void;
}

/** Questions of one room: asked once one is in, again after each lost connection, and answered by acknowledgements. */
export const createRoomRequests = ({ roomId, emit, judge }: RoomRequestsOptions): RoomRequests => {
  const requests = createRequests({
    id: randomId,
    line: () => (roomId() === undefined ? "down" : "ready"),
    judge,
    send({ payload }) {
      const room = roomId();
      if (room === undefined || !isAsked(payload)) return;
      const { event, body, id } = payload;
      emit(event.replace("{room_id}", room), { room_id: room, ...body }, (ack) => {
        const { error: message, ...facts } = ack;
        // What an answer says stands apart: its fields are not those by which refusals are known.
        requests.settle(ack["ok"] === true ? { ack, id } : { ...facts, type: "error", message, id });
      });
    },
  });
  return {
    async ask({ event, body, ...more }) {
      const { ack } = await requests.ask({ channel: "", payload: { event, body }, ...more });
      return isFields(ack) ? ack : {};
    },
    withdraw: (messageId) => requests.withdraw("", messageId),
    flush: () => requests.flush(),
    down: () => requests.down(),
    close: () => requests.close(),
  };
};

const isAsked = (value: unknown): value is { event: string; body: Fields; id: string } =>
  typeof value === "object" && value !== null && "event" in value && "body" in value && "id" in value;
