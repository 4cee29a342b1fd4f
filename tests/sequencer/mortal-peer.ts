import { createSocket } from "node:dgram";
import { setTimeout as sleep } from "node:timers/promises";
import { parseHeard } from "../../packages/protocol/src/sequencer/index.ts";
import { createUdpWorker } from "../../packages/server/src/models/udp-worker.ts";
import { lent } from "./udp-bed.ts";

/** A peer that repeats ids, and may be killed and come back on the same port with nothing remembered. */
export interface MortalPeer {
  readonly port: number;
  readonly deaths: number;
  close(): Promise<void>;
}

export interface MortalPeerOptions {
  readonly replyTo: number;
  /** Its answer; undefined when the prompt is not its own. */
  readonly answer: (prompt: string) => { readonly text: string; readonly afterMs: number } | undefined;
  /** Whether this prompt kills it. */
  readonly kills: (prompt: string) => boolean;
}

/** One life of a peer: a bound socket. */
interface Life {
  readonly port: number;
  close(): Promise<void>;
}

/** How long a killed peer is away, milliseconds. */
const awayMs = 30;

/** For a moment another program may have the port. */
const reborn = async (open: () => Promise<Life>): Promise<Life> => {
  for (let left = 100; ; left -= 1) {
    await sleep(awayMs);
    try {
      return await open();
    } catch (thrown) {
      if (left === 0) throw thrown;
    }
  }
};

const mortal = async (open: (port: number, die: () => void) => Promise<Life>): Promise<MortalPeer> => {
  let deaths = 0;
  let closed = false;
  let dying: Promise<void> | undefined;
  const die = (): void => {
    if (dying || closed) return;
    deaths += 1;
    const gone = life.close();
    dying = gone.then(async () => {
      life = await reborn(() => open(port, die));
      dying = undefined;
    });
  };
  let life = await open(0, die);
  const { port } = life;
  return lent({
    port,
    get deaths() {
      return deaths;
    },
    async close() {
      closed = true;
      await dying;
      await life.close();
    },
  });
};

/** One of our workers: declines what is not its own, keeps doubles apart, hears that it is to stand down. */
export const startMortalWorker = ({ replyTo, kills, answer }: MortalPeerOptions): Promise<MortalPeer> =>
  mortal(async (port, die) => {
    const worker = createUdpWorker({
      port,
      replyTo,
      name: "Worker",
      async respond({ text }, signal) {
        if (kills(text)) die();
        const mine = signal.aborted ? undefined : answer(text);
        if (mine) await sleep(mine.afterMs, undefined, { signal });
        return mine?.text;
      },
    });
    await worker.start();
    return worker;
  });

/** A socket that knows no more than ids: silent about what is not its own, answers each double again, hears no stand-down. */
export const startMortalSocket = ({ replyTo, kills, answer }: MortalPeerOptions): Promise<MortalPeer> =>
  mortal(async (wanted, die) => {
    const socket = createSocket("udp4");
    let open = true;
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.bind(wanted, "127.0.0.1", resolve);
    });
    const { port } = socket.address();
    socket.on("message", (bytes) => {
      const parsed = parseHeard(bytes.toString());
      if (!open || !parsed.ok || parsed.heard.kind !== "prompt") return;
      const { prompt, id } = parsed.heard;
      if (kills(prompt)) die();
      const mine = answer(prompt);
      if (!mine) return;
      const reply = JSON.stringify({ id, message: mine.text, sysbool: "True", sender: `Node-${port}` });
      setTimeout(() => open && socket.send(reply, replyTo, "127.0.0.1"), mine.afterMs);
    });
    return {
      port,
      close() {
        if (!open) return Promise.resolve();
        open = false;
        return new Promise((resolve) => socket.close(() => resolve()));
      },
    };
  });
