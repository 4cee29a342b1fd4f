import type { Code } from "../codes.ts";

/** What the wire of model workers accepts, in counts and UTF-16 code units. */
export const workerLimits = {
  name: 64,
  about: 500,
  /** Length of the id of a prompt. */
  id: 128,
  /** Prompts that one worker may have at a time. */
  concurrency: 1_000,
  /** Prompts that a worker may say it still has in hand. */
  inHand: 2_000,
  token: 16_384,
} as const;

/** One message of the conversation so far. */
export interface WorkerMessage {
  readonly role: "user" | "assistant";
  readonly text: string;
}

/** Who it is: first, or again before a token expires. Answered by `authenticated` or an error with the same `id`. */
export interface AuthenticateFrame {
  readonly type: "authenticate";
  readonly token: string;
  readonly id?: string;
}

/** What model this is. Answered by `registered`. */
export interface RegisterFrame {
  readonly type: "register";
  readonly name: string;
  /** What it is for, a sentence for people. */
  readonly about?: string;
  /** How many prompts it takes at a time; 1 unless given. */
  readonly concurrency?: number;
  /** Ids of prompts that it was given on a connection before this one and still works on, or has not seen taken. */
  readonly in_hand?: readonly string[];
}

/** "Mine, working on it." */
export interface ClaimFrame {
  readonly type: "claim";
  readonly id: string;
}

/** A piece of the answer. */
export interface DeltaFrame {
  readonly type: "delta";
  readonly id: string;
  /** Where it begins in the answer, in UTF-16 code units. */
  readonly offset: number;
  readonly text: string;
}

/** The answer is complete. Answered by `done`. */
export interface FinalFrame {
  readonly type: "final";
  readonly id: string;
  /** All of the answer; it begins with what was said before. Without it, what was said before is all. */
  readonly text?: string;
}

/** "Not mine." */
export interface DeclineFrame {
  readonly type: "decline";
  readonly id: string;
  /** It was, but the worker failed. */
  readonly failed?: true;
}

/** Asks for a `pong`, for those whose WebSocket cannot ping. */
export interface PingFrame {
  readonly type: "ping";
}

/** What a worker says of one prompt. */
export type PromptWordFrame = ClaimFrame | DeltaFrame | FinalFrame | DeclineFrame;

/** What a worker sends. */
export type WorkerFrame = AuthenticateFrame | RegisterFrame | PromptWordFrame | PingFrame;

export interface AuthenticatedFrame {
  readonly type: "authenticated";
  readonly user: string;
  /** Seconds since the epoch. */
  readonly expires_at?: number;
  readonly id?: string;
}

/** From now on prompts come. Work on what is not in `in_hand` is in vain. */
export interface RegisteredFrame {
  readonly type: "registered";
  readonly name: string;
  /** Of the prompts that the worker named, those that are still its own, and how much of each answer has arrived. */
  readonly in_hand: readonly { readonly id: string; readonly offset: number }[];
}

/** A prompt for this worker, perhaps among others. */
export interface PromptFrame {
  readonly type: "prompt";
  /** Names this asking; the same for all workers that are asked. */
  readonly id: string;
  readonly text: string;
  /** Whole exchanges before this prompt, oldest first. */
  readonly history: readonly WorkerMessage[];
  readonly conversation: string;
  readonly author: string;
  readonly instructions?: string;
}

/** Another one answers. */
export interface StandDownFrame {
  readonly type: "stand_down";
  readonly id: string;
}

/** Nobody wants an answer any more. */
export interface StopFrame {
  readonly type: "stop";
  readonly id: string;
}

/** The final has arrived; the prompt may be forgotten. */
export interface DoneFrame {
  readonly type: "done";
  readonly id: string;
}

export interface PongFrame {
  readonly type: "pong";
}

export interface WorkerErrorFrame {
  readonly type: "error";
  readonly code: Code;
  /** A sentence for people. */
  readonly message: string;
  /** Whether the same may succeed later, unchanged. */
  readonly retry: boolean;
  /** What it is about, as the refused frame had it. */
  readonly id?: string;
  /** A piece began beyond the end of what has arrived; the answer goes on from here. */
  readonly offset?: number;
}

/** What a server sends to a worker. */
export type ServerFrame =
  | AuthenticatedFrame
  | RegisteredFrame
  | PromptFrame
  | StandDownFrame
  | StopFrame
  | DoneFrame
  | PongFrame
  | WorkerErrorFrame;
