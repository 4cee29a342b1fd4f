import { createSocket } from "node:dgram";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";

/** What was sent, and what became of it as the server under test says. */
export interface FloodResult {
  readonly sent: number;
  readonly seconds: number;
  /** Datagrams that the server dropped and counted, and those that the system dropped before it; undefined where it does not tell. */
  readonly counted: number;
  readonly kernel: number | undefined;
  /** Delay of the server's event loop meanwhile, milliseconds. */
  readonly loopP99: number;
  readonly loopMax: number;
}

/** What the server says of itself at `/loop`. */
type Told = Pick<FloodResult, "counted" | "kernel" | "loopP99" | "loopMax">;

/** As bad as they come: noise, halves of JSON, wrong types, replies to prompts that nobody asked. */
const noise = ["noise", "{", '{"message":5}', '{"message":"x","id":"nobody"}', "{".repeat(1_000)].map(
  (text) => Buffer.from(text),
);

const tell = async (port: number): Promise<Told> => {
  const response = await fetch(`http://127.0.0.1:${port}/loop`);
  const told: Told = JSON.parse(await response.text());
  return told;
};

/** Sends so many bad datagrams a second to the port where replies are heard. */
export const runFlood = async (
  { port, listenPort }: { readonly port: number; readonly listenPort: number },
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<FloodResult> => {
  const socket = createSocket({ type: "udp4", lookup: (host, _options, done) => done(null, host, 4) });
  const before = await tell(port);
  const count = perSecond * seconds;
  const began = performance.now();
  const tally = { left: 0, failed: 0 };
  const onSent = (error: Error | null): void => {
    tally.left += 1;
    if (error) tally.failed += 1;
  };
  let made = 0;
  while (made < count) {
    const due = Math.min(count, Math.ceil(((performance.now() - began) / 1_000) * perSecond));
    for (; made < due; made += 1)
      socket.send(noise[made % noise.length] ?? "", listenPort, "127.0.0.1", onSent);
    await nextTurn();
  }
  const took = (performance.now() - began) / 1_000;
  while (tally.left < count) await nextTurn();
  socket.close();
  // What is still on its way to be read.
  await sleep(1_000);
  const after = await tell(port);
  const kernel = after.kernel === undefined ? undefined : after.kernel - (before.kernel ?? 0);
  return {
    ...after,
    sent: count - tally.failed,
    seconds: took,
    counted: after.counted - before.counted,
    kernel,
  };
};
