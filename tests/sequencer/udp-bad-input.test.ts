import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { renderReply } from "../../packages/protocol/src/sequencer/index.ts";
import type { Logger } from "../../packages/server/src/kernel/logger.ts";
import type { PanelEvent } from "../../packages/server/src/models/panel.ts";
import { createUdpPanel, type UdpPanelOptions } from "../../packages/server/src/models/udp-panel.ts";
import { createSigner } from "../../packages/server/src/models/udp/udp-signature.ts";
import { until } from "../stand-ins/until.ts";
import { manualClock } from "../stand-ins/manual-clock.ts";
import { createFakeNet, type NodePrompt } from "./fake-net.ts";
import { flood } from "./flood.ts";
import { freeUdpPort } from "./free-udp-port.ts";
import { startRawPeer } from "./raw-peer.ts";
import { closeAfterEach, lent, makeTeam, makeUdpBed } from "./udp-bed.ts";

closeAfterEach();

const createEarLogger = () => {
  const lines: { readonly level: string; readonly fields: object; readonly message: string }[] = [];
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, fields, message });
  const logger: Logger = { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  return { lines, logger };
};

/** A sequencer on a network that the test plays, with one peer that is known to repeat ids. */
const fakeBed = async (options: Partial<UdpPanelOptions> = {}, fault?: () => Error | undefined) => {
  const prompts: NodePrompt[] = [];
  const net = createFakeNet((prompt) => prompts.push(prompt), fault);
  const bed = await makeUdpBed({
    peers: [{ port: 5001, echoes: true }],
    listenPort: 5000,
    openSocket: net.openSocket,
    ...options,
  });
  return { ...bed, prompts, net };
};

const reply = (text: string, id?: string) => ({
  message: text,
  sysbool: "True",
  sender: "Node-5001",
  ...(id !== undefined && { id }),
});

test("P12 datagrams that mean nothing are counted, and change nothing", async () => {
  const { answer, panel } = await makeTeam([({ text }) => `re ${text}`]);
  const stranger = await startRawPeer(panel.port);
  const bad = [
    "",
    "hello",
    "{",
    "[]",
    '"text"',
    "null",
    "{}",
    '{"message":1}',
    '{"message":"x","sender":{}}',
    '{"message":"x","id":7}',
    '{"work_summary":[],"sysbool":true}',
    '{"decline":"yes"}',
    `{"message":${"[".repeat(20_000)}`,
    new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]),
    randomBytes(65_507),
    new Uint8Array(65_507).fill(0x7b),
    JSON.stringify(reply("to a prompt long gone", "0123456789abcdef")),
    JSON.stringify(reply("before any prompt")),
    JSON.stringify({ message: "echo", history: [], sender: `Broadcaster-${panel.port}` }),
  ];
  for (const datagram of bad) await stranger.say(datagram);
  const total = (): number => Object.values(panel.dropped).reduce((sum, count) => sum + count, 0);
  await until(() => total() === bad.length);
  expect(panel.dropped).toMatchObject({ badJson: 10, badFrame: 6, unknownId: 1, unasked: 1, own: 1 });
  expect(await answer("still there?")).toBe("re still there?");
});

test("P7 a second, third and hundredth reply to one prompt, under any name: one answer, a bounded number of notes", async () => {
  const { ask, ear, notes, prompts, net, panel } = await fakeBed();
  const turn = await ask("who?");
  await until(() => prompts.length === 1);
  const id = prompts[0]?.id;
  for (let i = 0; i < 100; i += 1)
    net.deliver(
      { message: `me ${i}`, sender: `Stranger ${i}`, id },
      { address: "127.0.0.1", port: 40_000 + i },
    );
  await ear.untilEnded(turn);
  expect(ear.texts.get(turn)).toBe("me 0");
  await expect.poll(async () => (await notes("late-reply")).length).toBe(15);
  expect(panel.dropped.tooMany).toBe(84);
});

test("foreign sources are not heard, unless the operator opens it to the network", async () => {
  const abroad = { address: "203.0.113.7", port: 5001 };
  for (const lan of [false, true]) {
    const { ask, ear, prompts, net, panel } = await fakeBed({ lan });
    const turn = await ask("who?");
    await until(() => prompts.length === 1);
    net.deliver(reply("from abroad", prompts[0]?.id), abroad);
    net.deliver({ ...reply("from here", prompts[0]?.id), sender: "Node-1" });
    await ear.untilEnded(turn);
    expect([ear.texts.get(turn), panel.dropped.foreign]).toEqual(lan ? ["from abroad", 0] : ["from here", 1]);
  }
});

test("with a secret: unsigned, forged, changed, replayed, stale and turned-round datagrams are not heard", async () => {
  const secret = "shared by both sides";
  const clock = manualClock();
  const { ask, ear, net, panel } = await fakeBed({ secret, clock });
  const turn = await ask("who?");
  const sign = createSigner(secret, "from-models", clock);
  const hello = JSON.stringify(reply("unknown", "x"));
  const earlier = sign(hello);
  net.deliver(reply("unsigned"));
  net.deliver(createSigner("another secret", "from-models", clock)(hello));
  net.deliver(createSigner(secret, "to-models", clock)(hello));
  net.deliver(earlier.replace("unknown", "changed"));
  net.deliver(earlier);
  net.deliver(earlier);
  expect(panel.dropped).toMatchObject({ unsigned: 1, forged: 3, repeated: 1, unknownId: 1 });
  clock.advance(30_001);
  net.deliver(sign(hello));
  const old = sign(hello);
  clock.advance(30_001);
  net.deliver(old);
  expect(panel.dropped).toMatchObject({ stale: 1, unknownId: 2 });
  expect(ear.ends.get(turn)).toBeUndefined();
});

test("P12 nothing can be sent, as with an interface that is down: the turn ends at once and says so", async () => {
  const down = Object.assign(new Error("send ENETUNREACH"), { code: "ENETUNREACH" });
  const tooLarge = Object.assign(new Error("send EMSGSIZE"), { code: "EMSGSIZE" });
  let fault: Error | undefined = down;
  const { answer, panel, ask, prompts } = await fakeBed(
    { peers: [{ port: 5001 }, { port: 5002 }] },
    () => fault,
  );
  expect(await answer("anybody?")).toBe("provider_unreachable");
  fault = tooLarge;
  expect(await answer("anybody?")).toBe("reply_too_large");
  expect(panel.dropped.unsent).toBe(4);
  // Nobody heard anything, so nobody's late reply is waited for.
  fault = undefined;
  await ask("anybody?");
  await until(() => prompts.length === 2);
});

test("P12 a port that is taken is a clear error, and prompts end with one", async () => {
  const taken = await startRawPeer(1);
  const panel = lent(createUdpPanel({ peers: [{ port: 5001 }], listenPort: taken.port }));
  await expect(panel.start()).rejects.toMatchObject({
    code: "not_available",
    message: `UDP port ${taken.port} is taken by another program.`,
  });
  const heard: PanelEvent[] = [];
  panel.ask(
    {
      conversation: "seq:main",
      turn: 1,
      promptId: "p",
      author: "ada",
      messages: [{ role: "user", text: "?" }],
    },
    (event) => heard.push(event),
  );
  await until(() => heard.length === 3);
  expect(heard).toEqual([
    { type: "asked", model: "port 5001" },
    { type: "all-asked" },
    { type: "lost", model: "port 5001", code: "provider_unreachable" },
  ]);
});

test("to everyone on the network without a secret: the operator is warned of what that means", async () => {
  for (const secret of [undefined, "a secret"]) {
    const { lines, logger } = createEarLogger();
    await fakeBed({ address: "255.255.255.255", logger, ...(secret !== undefined && { secret }) });
    expect(lines.some(({ message }) => message.includes("anyone there can read them"))).toBe(
      secret === undefined,
    );
  }
});

test("P5 a flood: what was dropped is counted, logged at most once a second, and prompts are answered in its midst", async () => {
  const { lines, logger } = createEarLogger();
  const { answer, panel } = await makeTeam([({ text }) => `re ${text}`], { logger });
  expect(await answer("before")).toBe("re before");
  const noise = ["noise", "{", '{"message":"x","id":"nobody"}', '{"message":5}'];
  const flooding = flood({ port: panel.port, count: 20_000, perSecond: 20_000, texts: noise });
  // Its own replies may be among those that the system drops: then it ends without one, but ends.
  expect(await answer("in its midst")).toMatch(/^(re in its midst|no_reply)$/);
  const { sent } = await flooding;
  const dropped = (): number => Object.values(panel.dropped).reduce((sum, count) => sum + count, 0);
  const kernel = await panel.kernelDrops();
  // Where the system does not say what it dropped, only what arrived is known.
  if (kernel === undefined) expect(dropped()).toBeLessThanOrEqual(sent);
  else
    await expect
      .poll(async () => dropped() + ((await panel.kernelDrops()) ?? 0))
      .toBeGreaterThanOrEqual(sent);
  expect(lines.length).toBeLessThan(20);
  expect(await answer("after")).toBe("re after");
});

test("a reply larger than any datagram of old is taken whole", async () => {
  const listenPort = await freeUdpPort();
  const peer = await startRawPeer(listenPort);
  const { ask, ear } = await makeUdpBed({ peers: [{ port: peer.port }], listenPort });
  const turn = await ask("at length");
  await peer.prompts(1);
  const text = "ä".repeat(32_000);
  const long = { text, sysbool: true, sender: "Node", generation: 2 as const, time: "00:00:00" };
  await peer.say(renderReply(long, 65_507).text);
  await ear.untilEnded(turn);
  expect(ear.texts.get(turn)).toBe(text);
});
