import {
  datagramBytes,
  parseHeard,
  peerBytes,
  renderDecline,
  renderReply,
  timeOfDay,
  type Generation,
  type Heard,
  type HistoryFacts,
} from "@colloquy/protocol/sequencer";
import { systemClock } from "../kernel/clock.ts";
import { silentLogger } from "../kernel/logger.ts";
import { createHandled } from "./udp/handled.ts";
import { misfitReason, type DropCounts } from "./udp/udp-drops.ts";
import { createUdpLink, type UdpEndOptions } from "./udp/udp-link.ts";

/** What a worker is asked. */
export interface WorkerPrompt {
  readonly text: string;
  /** The newest exchanges, newest first, as far as the sequencer tells them. */
  readonly history: readonly HistoryFacts[];
  /** Names this asking, where the sequencer names them. */
  readonly id?: string;
}

/** A worker's answer, in one piece or in several; nothing (or only empty pieces) when the prompt is not its own. */
export type WorkerAnswer = AsyncIterable<string> | Promise<string | undefined> | string | undefined;

export interface UdpWorkerOptions extends UdpEndOptions {
  /** Where prompts are heard. 0: any port that is free. */
  readonly port: number;
  /** Where the sequencer hears: its port, on this machine or at an address. */
  readonly replyTo: number | { readonly port: number; readonly address: string };
  /** `-<port>` is put behind it, unless it is there: sequencers tell models by the port. */
  readonly name: string;
  /** In which form it replies; that of the prompt when not given. */
  readonly generation?: Generation;
  /**
   * Answers a prompt if and only if it is this model's own. `signal` is aborted when the answer is not wanted any more. A fault
   * is logged, and the prompt left to others.
   */
  readonly respond: (prompt: WorkerPrompt, signal: AbortSignal) => WorkerAnswer;
  /** Prompts that are worked on at the same time; others are declined. 64 when not given. */
  readonly maxAtOnce?: number;
}

/** A model behind a UDP port. */
export interface UdpWorker {
  readonly port: number;
  /** What it calls itself. */
  readonly sender: string;
  readonly dropped: DropCounts;
  /** @throws ColloquyError `not_available` when the port cannot be had */
  start(): Promise<void>;
  /** Stops what it is working on. May be called twice. */
  close(): Promise<void>;
}

type Prompt = Extract<Heard, { kind: "prompt" }>;

/**
 * A model that hears prompts by UDP and replies to those that are its own. It serves existing sequencers, of either generation,
 * which take replies of 1024 bytes: what is longer is cut. For one that sends ids it repeats them, declines what is not its own,
 * stops when it is told to stand down, and replies at any length a datagram has.
 *
 * @example
 * const worker = createUdpWorker({ port: 5001, replyTo: 5000, name: "Shout", respond: ({ text }) => text.toUpperCase() });
 * await worker.start();
 */
export const createUdpWorker = (options: UdpWorkerOptions): UdpWorker => {
  const { clock = systemClock, logger = silentLogger, respond, maxAtOnce = 64 } = options;
  const to =
    typeof options.replyTo === "number" ? { port: options.replyTo, address: "127.0.0.1" } : options.replyTo;
  const running = new Map<AbortController, string | undefined>();
  const handled = createHandled();

  const onText = (text: string): void => {
    const parsed = parseHeard(text);
    if (!parsed.ok) return link.drops.count(misfitReason(parsed));
    const { heard } = parsed;
    if (heard.sender === senderNow()) return link.drops.count("own");
    if (heard.kind === "stand-down") return stop(heard.id);
    if (heard.id !== undefined && !handled.add(heard.id)) return link.drops.count("doubled");
    if (running.size < maxAtOnce) void answer(heard);
    else {
      link.drops.count("tooMany");
      decline(heard);
    }
  };

  const link = createUdpLink({
    ...options,
    what: `worker ${options.name}`,
    clock,
    logger,
    says: "from-models",
    onText,
  });

  const senderNow = (): string => {
    const ending = `-${link.port}`;
    return options.name.endsWith(ending) ? options.name : options.name + ending;
  };

  const say = (text: string): void => link.send(link.seal(text), to.port, to.address, () => {});

  const decline = ({ id }: Prompt): void => {
    if (id !== undefined) say(renderDecline(senderNow(), id));
  };

  const answer = async (prompt: Prompt): Promise<void> => {
    const controller = new AbortController();
    running.set(controller, prompt.id);
    const { history, id } = prompt;
    let text = "";
    try {
      const asked = { text: prompt.prompt, history, ...(id !== undefined && { id }) };
      text = await wholeOf(respond(asked, controller.signal), controller.signal);
    } catch (error) {
      if (!controller.signal.aborted) logger.error({ err: error }, `worker ${options.name}: respond failed`);
    }
    running.delete(controller);
    if (controller.signal.aborted) return;
    if (text === "") return decline(prompt);
    const generation = options.generation ?? prompt.generation;
    const reply = { text, sysbool: true, sender: senderNow(), generation, time: timeOfDay(clock.now()) };
    const rendered =
      id === undefined
        ? renderReply(reply, peerBytes[1], link.bytesOf)
        : renderReply({ ...reply, id }, datagramBytes, link.bytesOf);
    if (rendered.cut) link.drops.count("cut");
    say(rendered.text);
  };

  const stop = (id: string): void => {
    for (const [controller, promptId] of running) {
      if (promptId !== id) continue;
      // Whether or not it listens to the signal, it does not count any more.
      running.delete(controller);
      controller.abort();
    }
  };

  return {
    get port() {
      return link.port;
    },
    get sender() {
      return senderNow();
    },
    dropped: link.drops.counts,
    start: () => link.start(),
    async close() {
      for (const controller of running.keys()) controller.abort();
      await link.close();
    },
  };
};

const wholeOf = async (answer: WorkerAnswer, signal: AbortSignal): Promise<string> => {
  if (typeof answer !== "object" || !(Symbol.asyncIterator in answer)) return (await answer) ?? "";
  let text = "";
  for await (const piece of answer) {
    text += piece;
    // More than that fits no datagram.
    if (signal.aborted || text.length > datagramBytes) break;
  }
  return text;
};
