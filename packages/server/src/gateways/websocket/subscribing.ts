import type { Placed } from "../../conversation/conversations.ts";
import { ColloquyError, toColloquyError } from "../../kernel/colloquy-error.ts";
import type { Principal } from "../../auth/principal.ts";
import { conversationOfChannel, type ClientFrame } from "@colloquy/protocol/channels";
import { usesPart2 } from "./channels-voice.ts";
import { answerFrame, oldAnswerFrame, subscribedFrame } from "./answers.ts";
import type { Connection } from "./connection.ts";
import { Subscription } from "./subscription.ts";

type Frame<K extends ClientFrame["kind"]> = Extract<ClientFrame, { kind: K }>;

const speakOld = (connection: Connection): void => {
  if (connection.old) return;
  connection.old = true;
  for (const subscription of connection.subscriptions?.values() ?? []) subscription.speakOld();
};

const open = (connection: Connection, principal: Principal, frame: Frame<"subscribe">): Subscription => {
  const subscriptions = (connection.subscriptions ??= new Map<string, Subscription>());
  if (subscriptions.size >= connection.context.settings.channelsPerConnection) {
    throw new ColloquyError("too_many_channels");
  }
  const subscription = new Subscription(connection, principal, frame);
  subscriptions.set(frame.channel, subscription);
  return subscription;
};

/** Once its place is known, the subscriber is answered and then told what there is. */
const place = async (
  connection: Connection,
  frame: Frame<"subscribe">,
  subscription: Subscription,
  placing: Promise<Placed>,
  begins = true,
): Promise<void> => {
  try {
    const { reader } = subscription;
    const placed = await placing;
    if (subscription.closed) return;
    if (frame.id !== undefined) connection.answer(subscribedFrame(frame.channel, placed, frame.id));
    // One that has begun anew meanwhile is started by whoever asked for that, after its own answer.
    if (begins && subscription.reader === reader) reader.start();
  } catch (thrown) {
    if (subscription.closed) return;
    subscription.close();
    connection.subscriptions?.delete(frame.channel);
    throw toColloquyError(thrown);
  }
};

/**
 * Subscribes, or changes a subscription that is there. What is relayed after the call reaches the subscriber; nothing goes
 * out to it before its answer.
 */
export const subscribe = (
  connection: Connection,
  principal: Principal,
  frame: Frame<"subscribe">,
): Promise<void> | undefined => {
  if (!frame.channel.includes(":")) return subscribeAtOnce(connection, principal, frame);
  // A conversation that has members: who they are is in its log.
  const { conversations } = connection.context;
  const entered = conversations.enter(principal, conversationOfChannel(frame.channel));
  return entered.then(() => (connection.closing ? undefined : subscribeAtOnce(connection, principal, frame)));
};

const subscribeAtOnce = (
  connection: Connection,
  principal: Principal,
  frame: Frame<"subscribe">,
): Promise<void> | undefined => {
  const known = connection.subscriptions?.get(frame.channel);
  const subscription = known ?? open(connection, principal, frame);
  if (frame.old) {
    speakOld(connection);
    connection.answer(oldAnswerFrame("subscribed", frame.channel));
  }
  if (known) {
    const placing = known.change(principal, frame);
    return place(connection, frame, known, placing, (frame.cursor ?? frame.history) !== undefined);
  }
  // Who is shown cursors waits for a place; part 1 only wants to hear what comes, and costs the conversation nothing.
  if (usesPart2(frame)) return place(connection, frame, subscription, subscription.placed);
  subscription.reader.start();
  return undefined;
};

export const unsubscribe = (connection: Connection, frame: Frame<"unsubscribe">): void => {
  const { channel, id, old } = frame;
  connection.subscriptions?.get(channel)?.close();
  connection.subscriptions?.delete(channel);
  if (old) connection.answer(oldAnswerFrame("unsubscribed", channel));
  else if (id !== undefined) {
    connection.answer(answerFrame("subscription", { action: "unsubscribed", channel, id }, connection.old));
  }
};
