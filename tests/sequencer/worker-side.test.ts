import { createSocket } from "node:dgram";
import { expect, test } from "vitest";
import { parseReply, type Reply } from "../../packages/protocol/src/sequencer/index.ts";
import type { UdpWorkerOptions } from "../../packages/server/src/models/udp-worker.ts";
import { until } from "../stand-ins/until.ts";
import { closeAfterEach, lent, startWorker } from "./udp-bed.ts";

closeAfterEach();

/** A worker, and a sequencer that says to it whatever the test wants. */
const meet = async (options: Partial<UdpWorkerOptions>) => {
  const socket = createSocket("udp4");
  const replies: Reply[] = [];
  socket.on("message", (bytes) => {
    const parsed = parseReply(bytes.toString());
    if (parsed.ok) replies.push(parsed.reply);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  lent({ close: () => new Promise<void>((resolve) => socket.close(() => resolve())) });
  const worker = await startWorker({ replyTo: socket.address().port, name: "Echo", ...options });
  return {
    worker,
    replies,
    say: (value: object | string) =>
      socket.send(typeof value === "string" ? value : JSON.stringify(value), worker.port, "127.0.0.1"),
    texts: () => replies.map(({ text }) => text),
  };
};

const ask = (message: string, id?: string) => ({
  message,
  history: [],
  timestamp: "01:02:03",
  sender: "Broadcaster-5000",
  ...(id !== undefined && { id }),
});

test("what carries its own name, what is no prompt, and what it has heard before is not answered", async () => {
  const { worker, say, texts, replies } = await meet({ respond: ({ text }) => `re ${text}` });
  expect(worker.sender).toBe(`Echo-${worker.port}`);
  say({ ...ask("my own words"), sender: worker.sender });
  say("noise");
  say({ message: "another's reply", sysbool: "True", sender: "Node-5002" });
  for (let i = 0; i < 3; i += 1) say(ask("once", "a1"));
  say(ask("without an id"));
  say(ask("without an id"));
  await until(() => replies.length === 3);
  expect(texts()).toEqual(["re once", "re without an id", "re without an id"]);
  expect(worker.dropped).toMatchObject({ own: 1, badJson: 1, badFrame: 1, doubled: 2 });
});

test("it replies in the form of the prompt, or always in the one that it is told to", async () => {
  const { say, replies } = await meet({ respond: () => "yes" });
  say(ask("1"));
  say({ current_prompt: "2", history: [], sender: "Sequencer-5000", id: "a2" });
  await until(() => replies.length === 2);
  expect(replies.map(({ sysbool, id }) => [sysbool, id])).toEqual([
    ["True", undefined],
    ["True", "a2"],
  ]);
});

test("P5 more than it works on at a time it declines, or leaves in silence where there is no id", async () => {
  const free = Promise.withResolvers<string>();
  const { worker, say, replies } = await meet({ maxAtOnce: 1, respond: () => free.promise });
  say(ask("one", "a1"));
  say(ask("two", "a2"));
  say(ask("three"));
  await until(() => worker.dropped.tooMany === 2);
  free.resolve("done");
  await until(() => replies.length === 2);
  expect(replies.map(({ id, decline, text }) => [id, decline, text])).toEqual([
    ["a2", true, ""],
    ["a1", false, "done"],
  ]);
});

test("told to stand down it stops and says nothing, whether or not it listens to the signal", async () => {
  const signals: AbortSignal[] = [];
  const stuck = Promise.withResolvers<string>();
  const { say, texts } = await meet({
    maxAtOnce: 1,
    respond: ({ text }, signal) => {
      signals.push(signal);
      return text === "stuck" ? stuck.promise : text;
    },
  });
  say(ask("stuck", "a1"));
  await until(() => signals.length === 1);
  say({ id: "a1", sender: "Broadcaster-5000", stand_down: true });
  await until(() => signals.every(({ aborted }) => aborted));
  say(ask("next", "a2"));
  await until(() => texts().length === 1);
  stuck.resolve("too late");
  say(ask("last", "a3"));
  await until(() => texts().length === 2);
  expect(texts()).toEqual(["next", "last"]);
});

test("an endless answer is cut to what a datagram holds, and its maker is stopped", async () => {
  let stopped = false;
  const { say, replies } = await meet({
    async *respond() {
      try {
        for (;;) yield "and so on ".repeat(100);
      } finally {
        stopped = true;
      }
    },
  });
  say(ask("talk", "a1"));
  await until(() => replies.length === 1);
  expect([stopped, replies[0]?.text.endsWith("…"), (replies[0]?.text.length ?? 0) > 65_000]).toEqual([
    true,
    true,
    true,
  ]);
});
