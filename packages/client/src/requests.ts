import type { Code } from "@colloquy/protocol";
import { ClientError } from "./client-error.ts";
import { type Fields, readRefusal } from "./read-payload.ts";

/** Something that is asked of the hub and answered by a frame with the same id. */
export interface Question {
  readonly channel: string;
  /** Without its id. */
  readonly payload: Fields;
  /** What is sent instead to a hub that answers no questions; without it such a hub makes the call fail. */
  readonly classic?: Fields;
  /** Set on prompts: their refusal may come without the id, and a hub of part 1 acknowledges them by progress. */
  readonly messageId?: string;
  /** A refusal that, when this had to be asked more than once, shows that an earlier asking was heard. */
  readonly heardBefore?: Code;
}

interface Pending extends Question {
  readonly id: string;
  /** Sent on the present connection. */
  sent: boolean;
  /** Sent in the form of part 1, which has no answers. */
  plain: boolean;
  /** How often it was sent, on any connection. */
  askings: number;
  readonly resolve: (answer: Fields) => void;
  readonly reject: (error: ClientError) => void;
}

/** What a refusal leads to, decided by who knows the connection. */
export type Verdict = "reject" | "ask again";

export interface RequestsOptions {
  readonly id: () => string;
  /** Whether frames can be sent now; `classic` when the hub answers no questions. */
  readonly line: () => "down" | "ready" | "classic";
  readonly send: (frame: Fields) => void;
  readonly judge: (code: Code) => Verdict;
}

export interface Requests {
  /** Asks now or as soon as there is a line, again after each lost connection, until it is answered. */
  ask(question: Question): Promise<Fields>;
  /** The line is ready: what waits is sent, in the order in which it was asked. */
  flush(): void;
  /** The line is down: what was not answered will be asked again. */
  down(): void;
  /** Takes an answer or a refusal; false when it belongs to no question. */
  settle(payload: Fields): boolean;
  /** A hub of part 1 has shown that it knows this prompt. */
  acknowledge(channel: string, messageId: string): void;
  /** Takes back a prompt that never left; false when it may have. */
  withdraw(channel: string, messageId: string): boolean;
  /** Rejects everything. */
  close(): void;
}

export const createRequests = ({ id, line, send, judge }: RequestsOptions): Requests => {
  const pending = new Map<string, Pending>();
  let closed = false;

  const deliver = (question: Pending, plain = line() === "classic"): void => {
    if (line() === "down" || question.sent) return;
    const { channel, classic, payload, id: name } = question;
    if (plain && classic === undefined) {
      pending.delete(name);
      question.reject(new ClientError("not_available"));
      return;
    }
    question.sent = true;
    question.askings += 1;
    question.plain = plain;
    send(plain ? { channel, ...classic } : { channel, payload: { ...payload, id: name } });
  };

  const promptOf = (channel: string, messageId: string): Pending | undefined =>
    [...pending.values()].find((one) => one.messageId === messageId && one.channel === channel);

  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        if (closed) {
          reject(new ClientError("closed"));
          return;
        }
        const one: Pending = {
          ...question,
          id: id(),
          sent: false,
          plain: false,
          askings: 0,
          resolve,
          reject,
        };
        pending.set(one.id, one);
        deliver(one);
      }),

    flush() {
      for (const question of pending.values()) deliver(question);
    },

    down() {
      for (const question of pending.values()) question.sent = false;
    },

    settle(payload) {
      const refusal = readRefusal(payload);
      const name = refusal?.id ?? payload["id"];
      let question = typeof name === "string" ? pending.get(name) : undefined;
      if (question === undefined && refusal?.messageId !== undefined) {
        question = [...pending.values()].find((one) => one.messageId === refusal.messageId);
      }
      if (question === undefined) return false;
      const code = refusal?.error.code;
      if (code !== undefined && judge(code) !== "reject") {
        question.sent = false;
        return true;
      }
      if (code === "not_available" && question.classic !== undefined && !question.plain) {
        // Where no assistant answers, a prompt in the form of part 1 is handed on to whoever does.
        question.sent = false;
        deliver(question, true);
        return true;
      }
      pending.delete(question.id);
      const heard = code !== undefined && code === question.heardBefore && question.askings > 1;
      if (refusal === undefined || heard) question.resolve(payload);
      else question.reject(new ClientError(refusal.error.code, refusal.error.message));
      return true;
    },

    acknowledge(channel, messageId) {
      if (pending.size === 0) return;
      const question = promptOf(channel, messageId);
      if (question?.plain !== true) return;
      pending.delete(question.id);
      question.resolve({ action: "accepted", message_id: messageId, cursor: "" });
    },

    withdraw(channel, messageId) {
      const question = promptOf(channel, messageId);
      if (question === undefined || question.askings > 0) return false;
      pending.delete(question.id);
      question.reject(new ClientError("cancelled"));
      return true;
    },

    close() {
      closed = true;
      const all = [...pending.values()];
      pending.clear();
      for (const question of all) question.reject(new ClientError("closed"));
    },
  };
};
