import { createServer } from "node:net";
import { expect, test } from "vitest";
import {
  createTcpGateway,
  type TcpGatewayOptions,
} from "../../packages/server/src/gateways/tcp/tcp-gateway.ts";
import { ColloquyError } from "../../packages/server/src/kernel/colloquy-error.ts";
import type { PromptRequest } from "../../packages/server/src/conversation/conversations.ts";
import { ada } from "../heart/bed.ts";
import { createHandClock } from "../gateways/hand-clock.ts";
import { listen } from "../stand-ins/listen.ts";
import { until } from "../stand-ins/until.ts";
import { breakOut, openBreakout } from "./breakout.ts";
import { closeAfterEach, lent, makeTeam } from "./udp-bed.ts";

closeAfterEach();

/** A gateway whose conversation is the test; `refuse` says why a prompt is not taken. */
const makeGateway = async (
  options: Partial<TcpGatewayOptions> = {},
  refuse: (prompt: PromptRequest) => ColloquyError | undefined = () => undefined,
) => {
  const prompts: PromptRequest[] = [];
  const clock = createHandClock();
  const gateway = lent(
    createTcpGateway({
      conversations: {
        prompt(who, conversation, prompt) {
          expect([who, conversation]).toEqual([ada, "seq:main"]);
          const error = refuse(prompt);
          if (error) return Promise.reject(error);
          prompts.push(prompt);
          const promptId = prompt.promptId ?? "";
          return Promise.resolve({ promptId, turn: prompts.length, cursor: "", repeated: false });
        },
      },
      principal: ada,
      conversation: "seq:main",
      port: 0,
      clock,
      ...options,
    }),
  );
  await gateway.start();
  return {
    gateway,
    clock,
    prompts,
    texts: () => prompts.map(({ text }) => text),
    /** Time passes, and what it makes of the connections happens. */
    pass: async (ms: number) => {
      clock.advance(ms);
      await new Promise(setImmediate);
      await new Promise(setImmediate);
    },
    drops: () => Object.values(gateway.dropped).reduce((sum, count) => sum + count, 0),
  };
};

test("a prompt is taken whole, however it is cut: in one-byte segments, in the middle of characters, at any length", async () => {
  const { gateway, texts } = await makeGateway();
  const odd = "Ünï😀\r\n\ttext\n";
  await breakOut(gateway.port, odd, 1);
  const long = "ä😀".repeat(100_000);
  await breakOut(gateway.port, long);
  await breakOut(gateway.port, "x".repeat(1024 * 1024));
  await until(() => texts().length === 3);
  expect(texts()).toEqual([odd, long, "x".repeat(1024 * 1024)]);
});

test("a prompt ends with a second of silence; then the server closes, and has said nothing", async () => {
  const { gateway, texts, pass } = await makeGateway();
  const breakout = await openBreakout(gateway.port);
  await breakout.write("Hel");
  await pass(900);
  await breakout.write("lo");
  await until(() => breakout.socket.bytesWritten === 5);
  for (let i = 0; texts().length === 0; i += 1) await pass(100);
  await breakout.closed;
  expect([texts(), breakout.received()]).toEqual([["Hello"], 0]);
});

test("P2 the order is that of accept: one that is still being sent holds back the later ones", async () => {
  const { gateway, texts, pass } = await makeGateway();
  const silent = await openBreakout(gateway.port);
  const slow = await openBreakout(gateway.port);
  await slow.write("first");
  await until(() => slow.socket.bytesWritten === 5);
  for (const text of ["second", "third"]) await breakOut(gateway.port, text);
  for (let i = 0; i < 5; i += 1) await pass(50);
  expect(texts()).toEqual([]);
  slow.socket.end();
  await slow.closed;
  await until(() => texts().length === 3);
  expect(texts()).toEqual(["first", "second", "third"]);
  silent.socket.destroy();
});

test("one that never comes to its end does not hold back the others for ever", async () => {
  const { gateway, texts, pass } = await makeGateway();
  const endless = await openBreakout(gateway.port);
  await endless.write("a");
  await breakOut(gateway.port, "b");
  for (let i = 0; texts().length === 0 && i < 100; i += 1) {
    await endless.write(".");
    await until(() => endless.socket.writableLength === 0);
    await pass(500);
  }
  expect(texts()).toEqual(["b"]);
  endless.socket.destroy();
});

test("P12 what is no prompt is dropped and counted: requests of browsers, silence, noise, too much; nobody is told", async () => {
  const { gateway, texts, pass, drops } = await makeGateway();
  for (const nothing of ["", " \n", "quit", "quit\n"]) await breakOut(gateway.port, nothing);
  expect(drops()).toBe(0);
  await breakOut(gateway.port, "POST /x HTTP/1.1\r\nHost: localhost:65000\r\n\r\nOpen the door");
  await breakOut(gateway.port, "GET / HTTP/1.0\n\n");
  await breakOut(gateway.port, new Uint8Array([0x48, 0x69, 0xff]));
  await breakOut(gateway.port, Buffer.from("€").subarray(0, 2));
  await breakOut(gateway.port, "x".repeat(10 * 1024 * 1024));
  const mute = await openBreakout(gateway.port);
  await until(() => gateway.dropped.tooLarge === 1);
  for (let i = 0; i < 3; i += 1) await pass(4_000);
  await mute.closed;
  expect(gateway.dropped).toMatchObject({ http: 2, notUtf8: 2, tooLarge: 1, idle: 1, broken: 0 });
  await breakOut(gateway.port, "What does GET / HTTP/1.1 mean?");
  await until(() => texts().length === 1);
  expect(texts()).toEqual(["What does GET / HTTP/1.1 mean?"]);
});

test("a connection that is reset in the middle gives no half prompt", async () => {
  const { gateway, texts } = await makeGateway();
  const breakout = await openBreakout(gateway.port);
  await breakout.write("Delete everything ex");
  await until(() => breakout.socket.bytesWritten > 0);
  breakout.socket.resetAndDestroy();
  await until(() => gateway.dropped.broken === 1);
  await breakOut(gateway.port, "next");
  await until(() => texts().length === 1);
  expect(texts()).toEqual(["next"]);
});

test("P5 a thousand connections that send nothing do no harm; beyond the limit the oldest of them goes", async () => {
  const { gateway, texts, pass, clock } = await makeGateway({ limits: { connections: 1_000 } });
  const silent = await Promise.all(Array.from({ length: 1_000 }, () => openBreakout(gateway.port)));
  await breakOut(gateway.port, "still here");
  await until(() => texts().length === 1);
  expect(gateway.dropped.tooMany).toBe(1);
  clock.advance(10_000);
  for (let i = 0; i < 5; i += 1) await pass(100);
  await Promise.all(silent.map(({ closed }) => closed));
  expect(gateway.dropped.idle).toBe(999);
});

test("P5 all that is held has a bound", async () => {
  const { gateway, drops, pass } = await makeGateway({ limits: { heldBytes: 1_000, connections: 2 } });
  const big = await openBreakout(gateway.port);
  await big.write("x".repeat(600));
  const another = await openBreakout(gateway.port);
  await another.write("y".repeat(600));
  await until(() => drops() === 1);
  const third = await openBreakout(gateway.port);
  await third.write("z");
  await until(() => third.socket.bytesWritten === 1);
  // Its byte is read before anybody else comes.
  for (let i = 0; i < 10; i += 1) await pass(0);
  const fourth = await openBreakout(gateway.port);
  await fourth.closed;
  expect(gateway.dropped.tooMany).toBe(2);
  for (const one of [big, another, third]) one.socket.destroy();
});

test("P6 what may pass is waited for, in order and under one id; what is refused for good is lost, and logged", async () => {
  const tried: string[] = [];
  let full = 3;
  const { gateway, prompts, texts, pass } = await makeGateway({}, ({ text, promptId = "" }) => {
    if (text === "forbidden") return new ColloquyError("not_allowed");
    tried.push(promptId);
    full -= 1;
    return full >= 0 ? new ColloquyError("queue_full") : undefined;
  });
  for (const text of ["a", "forbidden", "b"]) await breakOut(gateway.port, text);
  for (let i = 0; texts().length < 2 && i < 100; i += 1) await pass(100);
  expect([texts(), gateway.dropped.refused]).toEqual([["a", "b"], 1]);
  expect(new Set(tried.slice(0, 4))).toEqual(new Set([prompts[0]?.promptId]));
});

test("what waits too long for its conversation is given up", async () => {
  const { gateway, pass, prompts } = await makeGateway({}, () => new ColloquyError("store_unavailable"));
  await breakOut(gateway.port, "a");
  for (let i = 0; gateway.dropped.refused === 0 && i < 1_000; i += 1) await pass(1_000);
  expect([gateway.dropped.refused, prompts.length]).toEqual([1, 0]);
});

test("P12 a port that is taken is a clear error; closing twice and before starting is no fault", async () => {
  const other = createServer();
  const port = await listen(other);
  const gateway = createTcpGateway({
    conversations: { prompt: () => Promise.reject(new ColloquyError("internal")) },
    principal: ada,
    conversation: "seq:main",
    port,
  });
  await expect(gateway.start()).rejects.toMatchObject({
    code: "not_available",
    message: `TCP port ${port} is taken by another program.`,
  });
  await gateway.close();
  await gateway.close();
  await new Promise((resolve) => other.close(resolve));
});

test("the whole way: from a breakout's socket to a model's datagram to the answer in the log", async () => {
  const { heart, ear } = await makeTeam([({ text }) => `${text}, indeed`]);
  const gateway = lent(
    createTcpGateway({ conversations: heart, principal: ada, conversation: "seq:main", port: 0 }),
  );
  await gateway.start();
  for (const text of ["one", "two"]) await breakOut(gateway.port, text);
  await ear.until(() => ear.ends.size === 2);
  expect([...ear.texts.values()]).toEqual(["one, indeed", "two, indeed"]);
});
