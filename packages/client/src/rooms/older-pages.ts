import { withMore } from "../conversation-state.ts";
import { type Fields, isFields } from "../read-payload.ts";
import { foldPage, keepPast, type Unbegun } from "./fold-page.ts";
import { word } from "./read-room.ts";
import type { RoomRequests } from "./room-requests.ts";
import { type RoomState, withConversation } from "./room-state.ts";

export interface OlderPagesOptions {
  readonly requests: Pick<RoomRequests, "ask">;
  readonly state: () => RoomState;
  readonly put: (state: RoomState) => void;
  readonly now: () => number;
}

/** What lies before that which was told on joining, a page at a time. */
export interface OlderPages {
  /** Whether there is anything before what is known. */
  readonly more: () => boolean;
  /** Resolves to whether there is still more, once the page is here. */
  load(limit: number): Promise<boolean>;
  /** One has come in anew; `before` is where the first page ends, as the server says it. */
  began(before: unknown): void;
  /** An event of the room was told; those of history may belong to turns that began before it. */
  told(event: string, payload: Fields): void;
}

export const createOlderPages = ({ requests, state, put, now }: OlderPagesOptions): OlderPages => {
  let before: string | undefined;
  let unbegun: Unbegun = new Map();
  let paging: Promise<boolean> | undefined;

  const ask = async (limit: number): Promise<boolean> => {
    const place = before;
    const ack = await requests.ask({ event: "history", body: { before: place, limit } });
    // One has come in anew meanwhile, so the page may not lie next to what is known.
    if (place !== before) return before !== undefined;
    before = word(ack["before"]);
    const messages = Array.isArray(ack["messages"]) ? ack["messages"].filter(isFields) : [];
    const page = foldPage(state(), unbegun, messages, now());
    unbegun = page.unbegun;
    const more = before !== undefined;
    put(withConversation(page.state, withMore(page.state.conversation, more)));
    return more;
  };

  return {
    more: () => before !== undefined,
    load(limit) {
      if (before === undefined) return Promise.resolve(false);
      paging ??= ask(limit).finally(() => {
        paging = undefined;
      });
      return paging;
    },
    began(place) {
      before = word(place);
      unbegun = new Map();
    },
    told(event, payload) {
      if (payload["past"] !== true) return;
      if (event === "receive_message") unbegun = keepPast(unbegun, payload);
      else if (event === "function_decided")
        unbegun = keepPast(unbegun, { type: "sbaw.function_decided", data: payload });
    },
  };
};
