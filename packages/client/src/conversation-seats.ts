/** The conversations that a client holds, by their names, each once however many hold it. */
export interface ConversationSeats<S> {
  get(name: string): S | undefined;
  /** One holder more; makes the seat for the first. */
  hold(name: string, make: () => S): S;
  /** One holder less; true when it was the last. */
  release(name: string): boolean;
  all(): Iterable<S>;
  end(): void;
}

export const createConversationSeats = <S extends { end(): void }>(): ConversationSeats<S> => {
  const seats = new Map<string, { readonly seat: S; holders: number }>();
  const all = function* (): Iterable<S> {
    for (const { seat } of seats.values()) yield seat;
  };
  return {
    get: (name) => seats.get(name)?.seat,
    hold(name, make) {
      const there = seats.get(name) ?? { seat: make(), holders: 0 };
      there.holders += 1;
      seats.set(name, there);
      return there.seat;
    },
    release(name) {
      const there = seats.get(name);
      if (there === undefined) return false;
      there.holders -= 1;
      if (there.holders > 0) return false;
      seats.delete(name);
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
