import type { PromptFile, Role } from "../entry.ts";
import type { Fields } from "./message-shapes.ts";

/** What somebody says in a room, in no wire's words but `type` and `data`. */
export interface SaidMessage {
  readonly type: string;
  /** Empty unless it is a message of text. */
  readonly text: string;
  /** The same id says the same once more; undefined for frames that repeat ids and mean something new each time. */
  readonly unique: boolean;
  readonly model?: string;
  readonly files?: readonly PromptFile[];
  readonly data: Fields;
}

/** What a room's owner sets; what is left out stays as it is. */
export interface RoomWishes {
  readonly instructions?: string;
  readonly history?: number;
  readonly autoExecute?: boolean;
  readonly tools?: readonly string[];
}

/** What an event of a client asks for. */
export type RoomCommand =
  | { readonly kind: "find"; readonly chatId: string }
  | { readonly kind: "create"; readonly chatId: string; readonly source: string; readonly model: string }
  | {
      readonly kind: "join";
      readonly roomId?: string;
      readonly cursor?: string;
      readonly history?: number;
    }
  | { readonly kind: "leave"; readonly roomId: string }
  | {
      readonly kind: "history";
      readonly roomId: string;
      /** An entry's number. */
      readonly before?: number;
      readonly limit?: number;
    }
  | { readonly kind: "file"; readonly roomId: string; readonly messageId: string; readonly index: number }
  | { readonly kind: "say"; readonly roomId: string; readonly id: string; readonly message: SaidMessage }
  | { readonly kind: "stop"; readonly roomId: string; readonly id: string }
  | {
      readonly kind: "configure";
      readonly roomId: string;
      readonly id: string;
      readonly wishes: RoomWishes;
    }
  | {
      readonly kind: "decide";
      readonly roomId: string;
      readonly callId: string;
      readonly verdict: "granted" | "denied";
      readonly reason?: string;
    }
  | {
      readonly kind: "settle";
      readonly roomId: string;
      readonly callId: string;
      readonly outcome: "result" | "error";
      /** Text, or JSON. */
      readonly content: string;
    }
  | { readonly kind: "cancel"; readonly roomId: string; readonly messageId?: string }
  | { readonly kind: "typing"; readonly roomId: string }
  | { readonly kind: "invite"; readonly roomId: string; readonly user: string; readonly role?: Role }
  | { readonly kind: "refresh"; readonly token: string };
