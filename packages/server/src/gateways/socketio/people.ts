/** Who is connected: the sockets of each user and the user of each socket. */
export interface People {
  add(socketId: string, user: string): void;
  remove(socketId: string): void;
  socketsOf(user: string): readonly string[];
  userOf(socketId: string): string | undefined;
}

export const createPeople = (): People => {
  const users = new Map<string, string>();
  const sockets = new Map<string, Set<string>>();
  return {
    add(socketId, user) {
      users.set(socketId, user);
      const theirs = sockets.get(user) ?? new Set();
      sockets.set(user, theirs.add(socketId));
    },
    remove(socketId) {
      const user = users.get(socketId);
      if (user === undefined) return;
      users.delete(socketId);
      const theirs = sockets.get(user);
      theirs?.delete(socketId);
      if (theirs?.size === 0) sockets.delete(user);
    },
    socketsOf: (user) => [...(sockets.get(user) ?? [])],
    userOf: (socketId) => users.get(socketId),
  };
};
