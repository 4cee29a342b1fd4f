import { openLink, type Link } from "../load/link.ts";

/** How often a working model says another piece, milliseconds: 50 tokens a second. */
const tickMs = 20;

/** A prompt that one of the models answers, piece by piece. */
interface Speech {
  readonly link: Link;
  readonly id: string;
  readonly pieces: string[];
  offset: number;
}

export interface WorkersOptions {
  readonly port: number;
  readonly count: number;
  /** The answer in pieces if the prompt is this model's own, the first of which is said at once; undefined: it declines. */
  readonly respond: (text: string, model: number) => readonly string[] | undefined;
}

interface ServerFrame {
  readonly type: string;
  readonly id?: string;
  readonly text?: string;
}

/** Model workers on WebSockets of the load's process. Resolves when all of them have registered. */
export const openWorkers = async ({ port, count, respond }: WorkersOptions): Promise<void> => {
  const speeches = new Set<Speech>();
  const say = (speech: Speech): void => {
    const { link, id, pieces, offset } = speech;
    const text = pieces.shift();
    if (text !== undefined) {
      link.send(JSON.stringify({ type: "delta", id, offset, text }));
      speech.offset += text.length;
    }
    if (pieces.length > 0) return;
    speeches.delete(speech);
    link.send(JSON.stringify({ type: "final", id }));
  };
  setInterval(() => {
    for (const speech of speeches) say(speech);
  }, tickMs);

  const buffer = Buffer.allocUnsafeSlow(256 * 1024);
  const open = async (model: number): Promise<void> => {
    const registered = Promise.withResolvers<void>();
    const link: Link = await openLink({
      port,
      path: "/models",
      buffer,
      onText(frame) {
        const { type, id = "", text = "" }: ServerFrame = JSON.parse(frame);
        if (type === "registered") registered.resolve();
        if (type === "error") registered.reject(new Error(frame));
        if (type !== "prompt") return;
        const pieces = respond(text, model);
        if (!pieces) {
          link.send(JSON.stringify({ type: "decline", id }));
          return;
        }
        const speech = { link, id, pieces: [...pieces], offset: 0 };
        speeches.add(speech);
        say(speech);
      },
    });
    link.send(JSON.stringify({ type: "register", name: `worker ${model}`, concurrency: 1_000 }));
    await registered.promise;
  };
  await Promise.all(Array.from({ length: count }, (_, model) => open(model)));
};
