import { openLink, type PacedLink } from "./link.ts";
import type { Said, Wire } from "./wire.ts";

/** A connection that speaks a wire. */
export interface Client {
  readonly link: PacedLink;
  send(frame: string | undefined): void;
}

export interface ClientOptions {
  readonly wire: Wire;
  readonly port: number;
  readonly buffer: Buffer;
  readonly paced?: boolean;
  readonly localAddress?: string;
  /** Everything that is said but what keeps the connection going; `frameLength` in characters. */
  readonly onSaid: (said: Said, frameLength: number) => void;
  readonly onClose?: () => void;
}

/** Connects; resolves as soon as the connection may be used. */
export const openClient = async (options: ClientOptions): Promise<Client> => {
  const { wire } = options;
  const ready = Promise.withResolvers<void>();
  // The first frame may come with the very bytes of the upgrade, before the link is known; replies wait for it.
  let link: PacedLink | undefined;
  const early: string[] = [];
  const reply = (frame: string): void => {
    if (link) link.send(frame);
    else early.push(frame);
  };
  link = await openLink({
    ...options,
    path: wire.path,
    onText(text) {
      const said = wire.read(text);
      if (said.kind === "reply") reply(said.frame);
      else if (said.kind === "ready") ready.resolve();
      else options.onSaid(said, text.length);
    },
    onClose() {
      ready.reject(new Error("closed before it was ready"));
      options.onClose?.();
    },
  });
  const open = link;
  for (const frame of early) open.send(frame);
  if (wire.readyAtOpen) ready.resolve();
  await ready.promise;
  return { link: open, send: (frame) => frame !== undefined && open.send(frame) };
};

/** Runs `one` for 0 … count − 1, at most `width` at a time, results in order. */
export const eachOf = async <T>(
  count: number,
  width: number,
  one: (index: number) => Promise<T>,
): Promise<T[]> => {
  const results: T[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      results[index] = await one(index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, count) }, worker));
  return results;
};
