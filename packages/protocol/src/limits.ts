/** Time a turn may take, counted while it runs; milliseconds. */
export interface TurnLimits {
  /** From the call to the model until its first event. */
  readonly firstEventMs: number;
  /** Between two events of the model. */
  readonly silenceMs: number;
  /** The whole turn. */
  readonly turnMs: number;
  /** Length of an answer, in UTF-8 bytes. */
  readonly answerBytes: number;
}

export const defaultTurnLimits: TurnLimits = {
  firstEventMs: 60_000,
  silenceMs: 60_000,
  turnMs: 15 * 60_000,
  answerBytes: 1024 * 1024,
};

/** The limits of the assistants that existing channel clients were written against. */
export const classicTurnLimits: TurnLimits = {
  ...defaultTurnLimits,
  firstEventMs: 45_000,
  silenceMs: 60_000,
  turnMs: 90_000,
};

/** What a wire accepts, in bytes and counts. */
export const wireLimits = {
  /** Over this a frame is answered by an error, then the connection is closed. */
  softFrameBytes: 1024 * 1024,
  /** Over this a connection is closed at once. */
  hardFrameBytes: 4 * 1024 * 1024,
  /** The hard limit before a connection is authenticated. */
  anonymousFrameBytes: 64 * 1024,
  channelName: 256,
  promptId: 256,
  channelsPerConnection: 1_000,
  /** Bytes of frames that may be unconfirmed on a connection. */
  unconfirmedBytes: 16 * 1024,
  /** A ping that asks for a confirmation follows this many bytes. */
  confirmEveryBytes: 8 * 1024,
  historyPage: 200,
} as const;
