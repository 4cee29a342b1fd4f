import { type CallView, ClientError, type Conversation, type TurnView } from "@colloquy/client";
import { plainText } from "./chat-screen.ts";

/** The tool calls of a conversation that wait for somebody's word, and how a terminal says it. */
export interface ChatCalls {
  /** What to say of the calls of this turn that wait and have not been told of yet. */
  untold(turn: TurnView): readonly string[];
  /** Grants or denies the call that has waited longest. */
  decide(verdict: "approve" | "deny", reason?: string): void;
}

const waitsIn = ({ calls = [] }: TurnView): readonly CallView[] =>
  calls.filter(({ state }) => state === "waiting");

/** A call as its tool's name and all that it would be given: whoever decides must have seen it. */
const showCall = (call: CallView): string => `${plainText(call.name)} ${plainText(call.arguments)}`;

/** @param note says something between the lines; not called after `signal` has aborted */
export const createChatCalls = (
  conversation: Pick<Conversation, "view" | "approve" | "deny">,
  note: (text: string) => void,
  signal: AbortSignal,
): ChatCalls => {
  const told = new Set<string>();
  return {
    untold: (turn) =>
      waitsIn(turn)
        .filter(({ id }) => !told.has(id))
        .map((call) => {
          told.add(call.id);
          return `${showCall(call)} waits for approval: /approve, or /deny and why`;
        }),
    decide(verdict, reason) {
      // Nobody decides what they have not been shown.
      const [call] = conversation
        .view()
        .turns.flatMap(waitsIn)
        .filter(({ id }) => told.has(id));
      if (!call) {
        note("no call waits for approval");
        return;
      }
      const decided =
        verdict === "approve" ? conversation.approve(call.id) : conversation.deny(call.id, reason);
      decided
        .then(() => `${verdict === "approve" ? "approved" : "denied"}: ${showCall(call)}`)
        .catch((error: unknown) => {
          if (error instanceof ClientError) return error.message;
          throw error;
        })
        .then(
          (text) => {
            if (!signal.aborted) note(text);
          },
          () => undefined,
        );
    },
  };
};

/** Whether nothing but somebody's word about a call brings these turns on; those that stand in line wait with them. */
export const waitForDecision = (open: readonly TurnView[]): boolean =>
  open.some((turn) => turn.state === "waiting" && waitsIn(turn).length > 0) &&
  open.every(({ state }) => state === "waiting" || state === "queued");
