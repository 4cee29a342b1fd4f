/** The room that each user found or created last, for clients that join "the" room after a lost connection. */
export interface LastRooms {
  get(user: string): string | undefined;
  set(user: string, roomId: string): void;
}

/** Remembers so many users at most; whoever found nothing for longest is forgotten. */
const most = 10_000;

export const createLastRooms = (): LastRooms => {
  const rooms = new Map<string, string>();
  return {
    get: (user) => rooms.get(user),
    set(user, roomId) {
      rooms.delete(user);
      rooms.set(user, roomId);
      const [oldest] = rooms.size > most ? rooms.keys() : [];
      if (oldest !== undefined) rooms.delete(oldest);
    },
  };
};
