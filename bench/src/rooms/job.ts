/** Work for the load process about rooms. Times in milliseconds. */
export type RoomsWork =
  | {
      /** One room, many members, frames at a steady rate: of a live answer, or of a publisher. */
      readonly kind: "room-frames";
      readonly members: number;
      readonly rate: number;
      readonly by: "answer" | "publisher";
      readonly warmMs: number;
      readonly windowMs: number;
    }
  | {
      /** Connections that have joined and then are silent. */
      readonly kind: "room-idle";
      readonly connections: number;
      readonly perRoom: number;
      readonly settleMs: number;
    }
  | {
      /** Clients that come evenly within a time, each to a chat of its own. */
      readonly kind: "room-arrivals";
      readonly clients: number;
      readonly withinMs: number;
    }
  | {
      /** A room with members on both transports; with `bytesPerSecond` 0 nobody is slow. */
      readonly kind: "room-polling";
      readonly pollers: number;
      readonly bytesPerSecond: number;
      readonly rate: number;
      readonly count: number;
      readonly others: number;
    }
  | {
      /** Turns one after the other, each a chain of calls. */
      readonly kind: "room-chain";
      readonly turns: number;
    };
