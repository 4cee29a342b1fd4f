import { closeCodes } from "@colloquy/protocol";
import {
  parseServerFrame,
  type PromptFrame,
  type RegisteredFrame,
  type WorkerErrorFrame,
  type WorkerFrame,
} from "@colloquy/protocol/workers";
import { answerPrompt } from "./answer-prompt.ts";
import { ClientError } from "./client-error.ts";
import { createConnection } from "./connection.ts";
import { defaultPolicy, defaultTimes } from "./default-times.ts";
import type { ModelWorker, WorkerLog, WorkerOptions } from "./model-worker.ts";
import { randomId } from "./random-id.ts";
import { isFields } from "./read-payload.ts";
import { sleep } from "./sleep.ts";
import { createTokenKeeper } from "./token-keeper.ts";
import { webSocketFrom } from "./web-socket.ts";
import { createWorkerHand, type WorkerHand } from "./worker-hand.ts";

/** Over this many unsent bytes nothing more is asked of `respond`. */
const clogged = 64 * 1024;
/** How far an answer may go on while there is no connection, UTF-16 code units. */
const farAhead = 64 * 1024;

/**
 * Serves as a model of a Colloquy server: is asked prompts, answers those that are its own and declines the others. Connects
 * at once, comes back over lost connections, and goes on with what it has in hand.
 *
 * @example
 * worker({
 *   url: "ws://localhost:8080/models",
 *   name: "clock",
 *   async *respond({ text }) {
 *     if (/time/i.test(text)) yield `It is ${new Date().toLocaleTimeString()}.`;
 *   },
 * });
 */
export const worker = (options: WorkerOptions): ModelWorker => {
  const { name, about, concurrency } = options;
  const times = { ...defaultTimes, ...options.times };
  const now = options.now ?? Date.now;
  const log = (event: WorkerLog): void => options.onLog?.(event);
  /** By the ids of their prompts; also those that are answered, until the server has it all. */
  const hands = new Map<string, WorkerHand>();
  let registered = false;

  const send = (frame: WorkerFrame): void => void connection.send(frame);

  const isFull = (hand: WorkerHand): boolean =>
    registered ? connection.unsent() > clogged : hand.length > farAhead;
  const waitForRoom = async (hand: WorkerHand): Promise<void> => {
    while (isFull(hand)) await sleep(10, hand.signal);
  };

  const drop = (id: string, reason: Error): void => {
    hands.get(id)?.abort(reason);
    hands.delete(id);
  };

  const begin = (frame: PromptFrame): void => {
    const { id } = frame;
    if (hands.has(id)) return;
    const hand = createWorkerHand(id, (word) => {
      if (registered) send(word);
      // Whether a refusal arrives makes no difference: the server asks again.
      if (word.type === "decline") hands.delete(id);
    });
    hands.set(id, hand);
    const room = (): Promise<void> | undefined => (isFull(hand) ? waitForRoom(hand) : undefined);
    const failed = (error: unknown): void => log({ event: "failed", id, error });
    void answerPrompt({ frame, hand, respond: options.respond, room, failed });
  };

  /** The server has said what is still this worker's, and how much of it has arrived. */
  const settle = (frame: RegisteredFrame): void => {
    registered = true;
    const places = new Map(frame.in_hand.map(({ id, offset }) => [id, offset]));
    for (const [id, hand] of hands) {
      const offset = places.get(id);
      if (offset === undefined || !hand.goOn(offset)) drop(id, new ClientError("closed"));
    }
    log({ event: "registered", name: frame.name });
    connection.ready();
  };

  const register = (): void => {
    if (registered) return;
    send({
      type: "register",
      name,
      ...(about !== undefined && { about }),
      ...(concurrency !== undefined && { concurrency }),
      ...(hands.size > 0 && { in_hand: [...hands.keys()] }),
    });
  };

  const refused = ({ code, message, id, offset }: WorkerErrorFrame): void => {
    if (keeper.settle({ type: "error", code, message, id })) return;
    log({ event: "turned down", code, message, ...(id !== undefined && { id }) });
    if (code === "token_expired" && keeper.renewable) keeper.renew();
    // It was the registration, which would be as wrong the next time.
    if (!registered && code === "bad_frame") connection.giveUp(message);
    if (id === undefined) return;
    if (offset === undefined || hands.get(id)?.goOn(offset) === false) drop(id, new ClientError(code));
  };

  const keeper = createTokenKeeper({
    token: options.token,
    times,
    now,
    id: randomId,
    // The keeper speaks in the words of the channels wire.
    send({ payload }) {
      const { token, id } = isFields(payload) ? payload : {};
      send({ type: "authenticate", token: String(token), id: String(id) });
    },
    log,
    accepted: register,
    refused: (reason, fresh) => (fresh ? connection.cycle(reason) : connection.giveUp(reason)),
  });

  const message = (data: string): void => {
    const frame = parseServerFrame(data);
    switch (frame?.type) {
      case "prompt":
        begin(frame);
        return;
      case "stand_down":
        drop(frame.id, new ClientError("cancelled", "Another model answers this prompt."));
        return;
      case "stop":
        drop(frame.id, new ClientError("cancelled"));
        return;
      case "done":
        hands.delete(frame.id);
        return;
      case "registered":
        settle(frame);
        return;
      case "authenticated":
        keeper.settle({ ...frame });
        return;
      case "error":
        refused(frame);
        return;
      case "pong":
        return;
      case undefined:
        log({ event: "unreadable", error: new ClientError("bad_frame") });
        return;
    }
  };

  const connection = createConnection({
    url: options.url,
    WebSocket: webSocketFrom(options.WebSocket),
    policy: options.reconnect ?? defaultPolicy,
    times,
    random: options.random ?? Math.random,
    now,
    log,
    prepare: () => keeper.prepare(),
    up() {
      if (!keeper.introduce()) register();
    },
    down() {
      registered = false;
      keeper.down();
    },
    message,
    probe() {
      send({ type: "ping" });
      return true;
    },
    mayReturn: (code) => code === closeCodes.notAuthenticated && keeper.renewable,
    changed({ phase }) {
      if (phase !== "closed") return;
      for (const id of hands.keys()) drop(id, new ClientError("closed"));
    },
  });
  connection.start();

  return {
    get connection() {
      return connection.state();
    },
    get registered() {
      return registered;
    },
    get busy() {
      return hands.size;
    },
    close: () => connection.close(),
  };
};
