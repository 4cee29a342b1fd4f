import { wireLimits, type Entry } from "@colloquy/protocol";
import { conversationOfChannel, type AnswerPayload, type ClientFrame } from "@colloquy/protocol/channels";
import type { Principal } from "../../auth/principal.ts";
import { ColloquyError, toColloquyError } from "../../kernel/colloquy-error.ts";
import { aboutOf } from "./about-frame.ts";
import { answerFrame } from "./answers.ts";
import { authenticate } from "./authenticate.ts";
import { createChannelsVoice } from "./channels-voice.ts";
import type { Connection } from "./connection.ts";
import { subscribe, unsubscribe } from "./subscribing.ts";

type Frame<K extends ClientFrame["kind"]> = Extract<ClientFrame, { kind: K }>;
type Does<K extends ClientFrame["kind"]> = (
  connection: Connection,
  principal: Principal,
  frame: Frame<K>,
) => Promise<void>;

const answer = (connection: Connection, channel: string, payload: AnswerPayload): void =>
  connection.answer(answerFrame(channel, payload, connection.old));

const withId = ({ id }: { readonly id?: string }): { id?: string } => (id === undefined ? {} : { id });

const publish: Does<"publish"> = (connection, principal, { channel, json, messageId, replaceable }) => {
  const { conversations, publishes } = connection.context;
  if (!publishes.take(principal.user)) {
    const message = "Too many frames were published in a short time; please wait a moment.";
    throw new ColloquyError("rate_limited", { message });
  }
  const subscription = connection.subscriptions?.get(channel);
  if (subscription) subscription.publishes = true;
  return conversations.publish(principal, conversationOfChannel(channel), {
    json,
    form: "payload",
    replaceable,
    ...(messageId !== undefined && { messageId }),
  });
};

/** A prompt that an outside publisher answers: it is handed on to whoever is attached. */
const relayPrompt: Does<"prompt"> = (connection, principal, { channel, text, messageId }) =>
  connection.context.conversations.publish(principal, conversationOfChannel(channel), {
    json: JSON.stringify({ message: text, message_id: messageId }),
    form: "prompt",
    replaceable: false,
    ...(messageId !== undefined && { messageId }),
  });

/** What became of a prompt that was asked again, for the asker alone. */
const retell = async (
  connection: Connection,
  principal: Principal,
  frame: Frame<"prompt">,
  turn: number,
): Promise<void> => {
  const { conversations, clock } = connection.context;
  const { channel, bare } = frame;
  const subscription = connection.subscriptions?.get(channel);
  const voice =
    subscription?.voice ??
    createChannelsVoice({ channel, part2: !bare, mode: "snapshot", old: connection.old }, clock);
  const conversation = conversationOfChannel(channel);
  const frames = await conversations.retell(principal, conversation, turn, voice, subscription?.cursor);
  for (const made of frames) connection.answer(made);
};

const prompt: Does<"prompt"> = async (connection, principal, frame) => {
  const { conversations, prompts } = connection.context;
  const { channel, text, messageId: promptId, assistant, bare } = frame;
  const conversation = conversationOfChannel(channel);
  if (!prompts.take(principal.user)) throw new ColloquyError("rate_limited");
  if (bare && conversations.relaysPrompts(conversation)) return relayPrompt(connection, principal, frame);
  const accepted = await conversations.prompt(principal, conversation, {
    text,
    ...(promptId !== undefined && { promptId }),
    ...(assistant !== undefined && { assistant }),
  });
  if (!bare) {
    answer(connection, channel, {
      action: "accepted",
      message_id: accepted.promptId,
      cursor: accepted.cursor,
      ...(accepted.repeated && { repeated: true }),
      ...withId(frame),
    });
  }
  if (accepted.repeated) await retell(connection, principal, frame, accepted.turn);
};

const cancel: Does<"cancel"> = async (connection, principal, { channel, messageId, id }) => {
  await connection.context.conversations.cancel(principal, conversationOfChannel(channel), messageId);
  if (id !== undefined) answer(connection, channel, { action: "done", id });
};

const decide: Does<"approve" | "deny"> = async (
  connection,
  principal,
  { kind, channel, callId, reason, id },
) => {
  await connection.context.conversations.decide(principal, conversationOfChannel(channel), {
    callId,
    verdict: kind === "approve" ? "granted" : "denied",
    ...(reason !== undefined && { reason }),
  });
  if (id !== undefined) answer(connection, channel, { action: "done", id });
};

/** The newest of a page that fit one frame of a reasonable size, and at least one. */
const fitting = (entries: readonly Entry[]): readonly Entry[] => {
  let bytes = 0;
  let first = entries.length;
  while (first > 0) {
    bytes += JSON.stringify(entries[first - 1]).length;
    if (bytes > wireLimits.softFrameBytes && first < entries.length) break;
    first -= 1;
  }
  return entries.slice(first);
};

const history: Does<"history"> = async (connection, principal, frame) => {
  const { channel, before, limit = wireLimits.historyPage } = frame;
  const page = await connection.context.conversations.history(principal, conversationOfChannel(channel), {
    limit: Math.min(limit, wireLimits.historyPage),
    ...(before !== undefined && { before }),
  });
  const entries = fitting(page.entries);
  const more = page.more || entries.length < page.entries.length;
  answer(connection, channel, { action: "history", entries, more, ...withId(frame) });
};

const conversations: Does<"conversations"> = async (connection, principal, frame) => {
  const { kind, channel, id, ...page } = frame;
  const limit = Math.min(page.limit ?? wireLimits.historyPage, wireLimits.historyPage);
  const list = await connection.context.conversations.list(principal, { ...page, limit });
  answer(connection, channel, { action: kind, ...list, ...withId({ ...(id !== undefined && { id }) }) });
};

const dispatch = (connection: Connection, frame: ClientFrame): Promise<void> | undefined => {
  if (frame.kind === "authenticate") return authenticate(connection, frame);
  const { principal } = connection;
  if (!principal) return undefined;
  switch (frame.kind) {
    case "subscribe":
      return subscribe(connection, principal, frame);
    case "unsubscribe":
      unsubscribe(connection, frame);
      return undefined;
    case "publish":
      if (frame.old && !connection.old) throw new ColloquyError("bad_frame");
      return publish(connection, principal, frame);
    case "prompt":
      return prompt(connection, principal, frame);
    case "cancel":
      return cancel(connection, principal, frame);
    case "approve":
    case "deny":
      return decide(connection, principal, frame);
    case "history":
      return history(connection, principal, frame);
    case "conversations":
      return conversations(connection, principal, frame);
  }
};

/** Carries out what a frame asks for and answers it; whatever goes wrong is told to the asker, and to nobody else. */
export const carryOut = (connection: Connection, frame: ClientFrame): Promise<void> | undefined => {
  const refuse = (thrown: unknown): void => {
    const error = toColloquyError(thrown);
    if (error.code === "internal")
      connection.context.logger.error({ err: thrown, kind: frame.kind }, "a frame failed");
    connection.refuse(aboutOf(frame), error);
  };
  try {
    return dispatch(connection, frame)?.catch(refuse);
  } catch (thrown) {
    refuse(thrown);
    return undefined;
  }
};
