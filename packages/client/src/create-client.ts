import { type Code, type ConversationSummary, closeCodes, codes } from "@colloquy/protocol";
import { backoff } from "./backoff.ts";
import type { Client, ClientLog, ClientOptions, ConnectionState } from "./client.ts";
import { ClientError } from "./client-error.ts";
import { createConnection } from "./connection.ts";
import { createConversationSeats } from "./conversation-seats.ts";
import { type ConversationSeat, createConversation } from "./create-conversation.ts";
import { defaultPolicy, defaultTimes } from "./default-times.ts";
import { createHubKind } from "./hub-kind.ts";
import { listeners } from "./listeners.ts";
import { randomId } from "./random-id.ts";
import { type Fields, isFields, readRefusal } from "./read-payload.ts";
import { type Verdict, createRequests } from "./requests.ts";
import { createTokenKeeper } from "./token-keeper.ts";
import { watchFrames } from "./watch-frames.ts";
import { webSocketFrom } from "./web-socket.ts";

const isSummary = (value: unknown): value is ConversationSummary =>
  isFields(value) && typeof value["id"] === "string" && typeof value["updatedAt"] === "number";

/**
 * A client of a hub that speaks the channels wire; what part 2 of it adds is used where the hub has it. It connects when
 * first something is asked of it.
 *
 * @throws Error where there is no global WebSocket and none is passed
 * @example
 * const client = createClient({ url: "ws://localhost:8080/ws" });
 * const conversation = client.conversation("lobby");
 * conversation.subscribe(() => console.log(conversation.view().turns.at(-1)?.text));
 * await conversation.prompt("Hello!");
 */
export const createClient = (options: ClientOptions): Client => {
  const times = { ...defaultTimes, ...options.times };
  const policy = options.reconnect ?? defaultPolicy;
  const random = options.random ?? Math.random;
  const now = options.now ?? Date.now;
  const log = (event: ClientLog): void => options.onLog?.(event);
  const connectionChanged = listeners<ConnectionState>(log);
  const seats = createConversationSeats<ConversationSeat>();
  /** The hub knows who speaks here, so it may be asked. */
  let introduced = false;
  let introducing: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  const frames = watchFrames(options.onFrame);
  const send = (frame: Fields): void => {
    if (connection.send(frame)) frames.out(frame);
  };

  const judge = (code: Code): Verdict => {
    if (code === "token_expired" && keeper.renewable) {
      keeper.renew();
      return "ask again";
    }
    if (!codes[code].reconnect) return "reject";
    // A draining server closes the connection itself, when it has told all it had to tell.
    if (code !== "draining") connection.cycle(codes[code].says);
    return "ask again";
  };

  const requests = createRequests({
    id: randomId,
    line() {
      if (!introduced || hub.kind === "unknown") return "down";
      return hub.kind === "classic" ? "classic" : "ready";
    },
    send,
    judge,
  });

  const hub = createHubKind(times.answerMs, (kind) => {
    if (kind === "classic") {
      log({ event: "classic" });
      for (const seat of seats.all()) seat.classic();
    }
    requests.flush();
  });

  /** Asks for something that every part 2 hub answers and that changes nothing: to leave a channel one is not in. */
  const probe = (): void => {
    const id = randomId();
    send({ channel: "subscription", payload: { action: "unsubscribe", channel: `alive-${id}`, id } });
  };

  /** What is said first on a new connection: where each conversation left off, then what was asked meanwhile. */
  const begin = (): void => {
    clearTimeout(introducing);
    if (introduced) return;
    introduced = true;
    let subscribed = false;
    for (const seat of seats.all()) {
      seat.up();
      subscribed = true;
      if (hub.kind === "classic") seat.classic();
    }
    if (hub.kind === "unknown" && !subscribed) probe();
    hub.asked();
    requests.flush();
    connection.ready();
  };

  const keeper = createTokenKeeper({
    token: options.token,
    times,
    now,
    id: randomId,
    send,
    log,
    accepted() {
      hub.answered();
      begin();
      requests.flush();
    },
    refused: (reason, fresh) => (fresh ? connection.cycle(reason) : connection.giveUp(reason)),
  });

  /** Takes what the hub itself says to this client; false for what is said on a channel. */
  const settle = (channel: unknown, payload: Fields): boolean => {
    if (keeper.settle(payload)) return true;
    const { action } = payload;
    if (requests.settle(payload) || (action === "unsubscribed" && "id" in payload)) {
      hub.answered();
      return true;
    }
    if (action === "subscribed") {
      hub.answered();
      seats.get(String(payload["channel"]))?.subscribed(payload);
      return true;
    }
    const refusal = readRefusal(payload);
    if (refusal === undefined) return false;
    const { code, message } = refusal.error;
    if (code === "token_expired" && keeper.renewable) keeper.renew();
    for (const seat of seats.all()) if (seat.refused(refusal.id, refusal.error)) return true;
    log({ event: "refused", code, message, channel: String(channel) });
    return true;
  };

  const route = (frame: Fields): void => {
    const { channel, payload, cursor } = frame;
    // A cursor beside the payload marks what was only relayed: it never speaks for the hub.
    if (isFields(payload) && cursor === undefined && settle(channel, payload)) return;
    const seat = seats.get(String(channel));
    if (seat === undefined) return;
    // A part 2 hub answers the subscription before it says anything else on the channel.
    hub.classic();
    seat.frame(frame);
  };

  const connection = createConnection({
    url: options.url,
    WebSocket: webSocketFrom(options.WebSocket),
    policy,
    times,
    random,
    now,
    log,
    prepare: () => keeper.prepare(),
    up() {
      if (keeper.introduce()) introducing = setTimeout(begin, times.answerMs);
      else begin();
    },
    down() {
      introduced = false;
      clearTimeout(introducing);
      hub.down();
      keeper.down();
      requests.down();
      for (const seat of seats.all()) seat.down();
    },
    message(data) {
      frames.in(data);
      let frame: unknown;
      try {
        frame = JSON.parse(data);
      } catch (error) {
        log({ event: "unreadable", error });
        return;
      }
      if (isFields(frame)) route(frame);
    },
    probe() {
      if (hub.kind === "modern") probe();
      return hub.kind === "modern";
    },
    mayReturn: (code) => code === closeCodes.notAuthenticated && keeper.renewable,
    changed: (state) => connectionChanged.tell(state),
  });

  return {
    get connection() {
      return connection.state();
    },
    onConnection: (listener) => connectionChanged.add(listener),
    conversation(channel, conversationOptions = {}) {
      if (closed) throw new ClientError("closed");
      const known = seats.get(channel);
      const seat = seats.hold(channel, () =>
        createConversation({
          channel,
          options: conversationOptions,
          id: randomId,
          requests,
          send,
          log,
          waitMs: (attempt) => backoff(policy, attempt, random),
          release() {
            if (seats.release(channel) && introduced) {
              send({ channel: "subscription", payload: { action: "unsubscribe", channel } });
            }
          },
        }),
      );
      if (known !== undefined) return seat.conversation;
      if (introduced) seat.up();
      if (introduced && hub.kind === "classic") seat.classic();
      connection.start();
      return seat.conversation;
    },
    async conversations(query = {}) {
      if (closed) throw new ClientError("closed");
      connection.start();
      const answer = await requests.ask({
        channel: "connection",
        payload: { action: "conversations", ...query },
      });
      const { conversations: list, next } = answer;
      const conversations = Array.isArray(list) ? list.filter(isSummary) : [];
      return { conversations, ...(typeof next === "string" && { next }) };
    },
    reconnectNow: () => connection.retryNow(),
    async close() {
      closed = true;
      requests.close();
      seats.end();
      await connection.close();
    },
  };
};
