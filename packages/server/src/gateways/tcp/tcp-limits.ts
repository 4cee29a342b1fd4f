/** What the breakouts' port takes. */
export interface TcpLimits {
  /** Length of a prompt, bytes. */
  readonly promptBytes: number;
  /** A prompt is whole when nothing has followed its last byte for so long, milliseconds. */
  readonly silenceMs: number;
  /** A connection that sends nothing for so long is dropped, milliseconds. */
  readonly idleMs: number;
  /** Prompts of later connections wait so long for one that is still being sent, milliseconds. */
  readonly holdMs: number;
  /** Connections at a time. When there are more, the oldest that has sent nothing goes, else the new one. */
  readonly connections: number;
  /** Prompts that may wait for their conversation, and for how long, milliseconds. */
  readonly waiting: number;
  readonly waitMs: number;
  /** All that is held of prompts, bytes. */
  readonly heldBytes: number;
}

export const defaultTcpLimits: TcpLimits = {
  promptBytes: 1024 * 1024,
  silenceMs: 1_000,
  idleMs: 10_000,
  holdMs: 10_000,
  connections: 1_024,
  waiting: 1_024,
  waitMs: 60_000,
  heldBytes: 64 * 1024 * 1024,
};
