import { expect, test } from "vitest";
import { ada } from "../heart/bed.ts";
import { until } from "../stand-ins/until.ts";
import { freeUdpPort } from "./free-udp-port.ts";
import { startRawPeer } from "./raw-peer.ts";
import { closeAfterEach, conversation, makeTeam, makeUdpBed, startWorker } from "./udp-bed.ts";

closeAfterEach();

const words =
  (word: string, answer: string) =>
  ({ text }: { readonly text: string }) =>
    text.includes(word) ? answer : undefined;

test("all decline: the turn ends at once, without waiting for the deadline", async () => {
  const { answer, notes } = await makeTeam([words("door", "A"), words("light", "B")]);
  expect(await answer("nobody's")).toBe("no_model");
  const [, summary] = await notes("arbitration");
  expect(summary?.data?.["models"]).toMatchObject([{ standing: "declined" }, { standing: "declined" }]);
  expect(await answer("light")).toBe("B");
});

test("P7 models that repeat ids are asked many things at a time, and each answer finds its prompt", async () => {
  const held: (() => void)[] = [];
  const { ask, ear, workers, answer, heart } = await makeTeam(
    [
      ({ text }) =>
        text === "first" ? "" : new Promise((resolve) => held.push(() => resolve(`re ${text}`))),
      () => undefined,
    ],
    {},
    { turns: { parallel: 8 } },
  );
  // Before they have repeated one, it is one at a time.
  expect(await answer("first")).toBe("no_model");
  const turns = [];
  for (const text of ["a", "b", "c", "d"]) turns.push(await ask(text));
  await until(() => held.length === 4);
  for (const release of held.toReversed()) release();
  for (const turn of turns) await ear.untilEnded(turn);
  expect(turns.map((turn) => ear.texts.get(turn))).toEqual(["re a", "re b", "re c", "re d"]);
  expect(workers[0]?.dropped.own).toBe(0);
  await heart.cancel(ada, conversation);
});

test("losers that know ids are told to stand down, and stop working", async () => {
  const stopped = Promise.withResolvers<void>();
  let quickly = false;
  const { answer } = await makeTeam([
    ({ text }, signal) => {
      if (text === "hello") return undefined;
      signal.addEventListener("abort", () => stopped.resolve());
      return new Promise(() => {});
    },
    ({ text }) => {
      quickly = text !== "hello";
      return quickly ? "me" : undefined;
    },
  ]);
  await answer("hello");
  expect(await answer("who?")).toBe("me");
  await stopped.promise;
});

test("P7 P9 a reply that comes after a cancel is a late one, and nobody's victory", async () => {
  const listenPort = await freeUdpPort();
  const peer = await startRawPeer(listenPort);
  const bed = await makeUdpBed({ peers: [{ port: peer.port, echoes: true }], listenPort });
  const { ask, ear, heart, notes } = bed;
  const turn = await ask("who?");
  const [prompt] = await peer.prompts(1);
  await heart.cancel(ada, conversation);
  await ear.untilEnded(turn);
  await peer.say({
    message: "me",
    sysbool: "True",
    timestamp: "",
    sender: `Node-${peer.port}`,
    id: prompt?.id,
  });
  const late = async () => (await notes("late-reply")).map(({ data }) => data?.["text"]);
  await expect.poll(late).toEqual(["me"]);
  const told = await notes("arbitration");
  expect(told.map(({ data }) => data?.["code"])).toEqual([undefined, "cancelled"]);
  expect(told.some(({ data }) => data && "winner" in data)).toBe(false);
  expect([ear.ends.get(turn), ear.texts.get(turn)]).toEqual(["cancelled", undefined]);
});

test("P9 a stopped turn stops the workers that can be told", async () => {
  const begun = Promise.withResolvers<void>();
  const stopped = Promise.withResolvers<void>();
  const { answer, ask, ear, heart } = await makeTeam([
    ({ text }, signal) => {
      if (text === "hello") return undefined;
      begun.resolve();
      signal.addEventListener("abort", () => stopped.resolve());
      return new Promise(() => {});
    },
  ]);
  await answer("hello");
  const turn = await ask("for ever");
  await begun.promise;
  await heart.cancel(ada, conversation);
  await ear.untilEnded(turn);
  await stopped.promise;
  expect(ear.ends.get(turn)).toBe("cancelled");
});

test("a prompt that is too long for old peers goes whole to those that repeat ids", async () => {
  const long = "x".repeat(40_000);
  const { answer, workers } = await makeTeam([
    ({ text }) => (text === "hello" ? undefined : `${text.length}`),
  ]);
  expect(await answer(long)).toBe("reply_too_large");
  await answer("hello");
  expect(await answer(long)).toBe("40000");
  expect(await answer("x".repeat(100_000))).toBe("reply_too_large");
  expect(workers[0]?.dropped.badJson).toBe(0);
});

test("answers of any length that a datagram holds come whole from a worker to a sequencer of ours", async () => {
  const { answer } = await makeTeam([() => "ä😀".repeat(9_000)]);
  expect(await answer("long")).toBe("ä😀".repeat(9_000));
});

test("P7 with one peer among them that knows no ids, prompts go out one after the other to all", async () => {
  const listenPort = await freeUdpPort();
  const worker = await startWorker({ replyTo: listenPort, respond: words("new", "from the new one") });
  const old = await startRawPeer(listenPort);
  const { ask, ear } = await makeUdpBed(
    { peers: [{ port: worker.port }, { port: old.port }], listenPort, settleMs: 50 },
    { turns: { parallel: 8 } },
  );
  const turns = [];
  for (const text of ["old 1", "new 2", "old 3"]) turns.push(await ask(text));
  expect((await old.prompts(1)).map(({ prompt }) => prompt)).toEqual(["old 1"]);
  await old.say({ message: "one", sysbool: "True", sender: `Node-${old.port}` });
  // "new 2" is answered by the worker; "old 3" follows when a reply of the old one to it could have come.
  expect((await old.prompts(3)).map(({ prompt }) => prompt)).toEqual(["old 1", "new 2", "old 3"]);
  await old.say({ message: "three", sysbool: "True", sender: `Node-${old.port}` });
  for (const turn of turns) await ear.untilEnded(turn);
  expect(turns.map((turn) => ear.texts.get(turn))).toEqual(["one", "from the new one", "three"]);
  expect(old.heard.filter(({ kind }) => kind === "stand-down")).toEqual([]);
});

test("a peer that stops repeating ids is asked one thing at a time again; what cannot be told is dropped", async () => {
  const listenPort = await freeUdpPort();
  const peer = await startRawPeer(listenPort);
  const { ask, ear, panel } = await makeUdpBed(
    { peers: [{ port: peer.port, echoes: true }], listenPort },
    { turns: { parallel: 8 }, deadlineMs: 300 },
  );
  const both = [await ask("one"), await ask("two")];
  await peer.prompts(2);
  await peer.say({ message: "to which?", sender: `Node-${peer.port}` });
  for (const turn of both) await ear.untilEnded(turn);
  expect([both.map((turn) => ear.ends.get(turn)), panel.dropped.unasked]).toEqual([
    ["no_reply", "no_reply"],
    1,
  ]);
  const next = await ask("three");
  await ask("four");
  await peer.prompts(3);
  await peer.say({ message: "three!", sender: `Node-${peer.port}` });
  await ear.untilEnded(next);
  expect(ear.texts.get(next)).toBe("three!");
});

test("two models on one port: the second one's reply is a note under a name of its own", async () => {
  const listenPort = await freeUdpPort();
  const peer = await startRawPeer(listenPort);
  const { ask, ear, notes, panel } = await makeUdpBed({ peers: [{ port: peer.port }], listenPort });
  const turn = await ask("who?");
  await peer.prompts(1);
  for (const message of ["I", "no, I", "I"]) await peer.say({ message, sender: `Node-${peer.port}` });
  await ear.untilEnded(turn);
  await expect.poll(async () => (await notes("late-reply")).length).toBe(1);
  expect((await notes("late-reply"))[0]?.data).toMatchObject({
    model: `port ${peer.port} (2)`,
    text: "no, I",
  });
  expect([ear.texts.get(turn), panel.dropped.doubled]).toEqual(["I", 1]);
});

test("policy all: each reply stands under its model's name", async () => {
  const { ask, ear, heart, workers } = await makeTeam(
    [() => "A", () => "B", () => undefined],
    {},
    { policy: "all" },
  );
  const turn = await ask("everyone?");
  await ear.untilEnded(turn);
  const { entries } = await heart.history(ada, conversation, {});
  const replies = entries.flatMap((entry) => (entry.kind === "reply" ? [[entry.model, entry.text]] : []));
  expect(Object.fromEntries(replies)).toEqual({
    [`port ${workers[0]?.port}`]: "A",
    [`port ${workers[1]?.port}`]: "B",
  });
});

test("with a shared secret both sides understand each other, at any length", async () => {
  const { answer, panel } = await makeTeam([({ text }) => `${text}!`], {
    secret: "a secret that both sides share",
  });
  expect(await answer("Hello")).toBe("Hello!");
  expect(await answer("ä".repeat(5_000))).toBe(`${"ä".repeat(5_000)}!`);
  expect(panel.dropped.unsigned + panel.dropped.forged).toBe(0);
});

test("a worker that fails leaves the prompt to others", async () => {
  const { answer } = await makeTeam([
    () => {
      throw new Error("no idea");
    },
    () => Promise.reject(new Error("not me")),
    words("x", "here"),
  ]);
  expect(await answer("x")).toBe("here");
  expect(await answer("y")).toBe("no_model");
});
