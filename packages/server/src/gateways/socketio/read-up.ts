import type { Connection, Waiting } from "./connection.ts";

/**
 * Resolves when what was sent on a connection has been read but for a little, so that something large may follow. On one that is
 * closed meanwhile nothing follows, and it never resolves.
 */
export const readUp = (connection: Pick<Connection, "takes" | "makeRoomFor">): Promise<void> =>
  new Promise((resolve) => {
    const one: Waiting = {
      waiting: false,
      wake() {
        one.waiting = false;
        if (connection.takes(0)) resolve();
        else connection.makeRoomFor(one);
      },
    };
    one.wake();
  });
