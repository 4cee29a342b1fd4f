import type { ConversationSeat } from "./create-conversation.ts";

/** The conversations that a client holds, each once however many hold it. */
export interface ConversationSeats {
  get(channel: string): ConversationSeat | undefined;
  /** One holder more; makes the seat for the first. */
  hold(channel: string, make: () => ConversationSeat): ConversationSeat;
  /** One holder less; true when it was the last. */
  release(channel: string): boolean;
  all(): Iterable<ConversationSeat>;
  end(): void;
}

export const createConversationSeats = (): ConversationSeats => {
  const seats = new Map<string, { readonly seat: ConversationSeat; holders: number }>();
  const all = function* (): Iterable<ConversationSeat> {
    for (const { seat } of seats.values()) yield seat;
  };
  return {
    get: (channel) => seats.get(channel)?.seat,
    hold(channel, make) {
      const there = seats.get(channel) ?? { seat: make(), holders: 0 };
      there.holders += 1;
      seats.set(channel, there);
      return there.seat;
    },
    release(channel) {
      const there = seats.get(channel);
      if (there === undefined) return false;
      there.holders -= 1;
      if (there.holders > 0) return false;
      seats.delete(channel);
      there.seat.end();
      return true;
    },
    all,
    end() {
      for (const seat of all()) seat.end();
      seats.clear();
    },
  };
};
