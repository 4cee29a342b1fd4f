import { expect, test } from "vitest";
import { until } from "../stand-ins/until.ts";
import { ada } from "../heart/bed.ts";
import { gate, setWorkersStage } from "./stage.ts";

const summaryOf = (entries: Awaited<ReturnType<Awaited<ReturnType<typeof setWorkersStage>>["entries"]>>) =>
  entries.findLast((entry) => entry.kind === "note" && entry.about === "arbitration");

test("a worker in a few lines answers, token by token, with the whole history", async () => {
  const stage = await setWorkersStage();
  const seen: unknown[] = [];
  const more = gate();
  await stage.hire(
    "clock",
    async function* ({ text, history, author, conversation }) {
      seen.push({ text, history, author, conversation });
      yield "It is ";
      await more.promise;
      yield "noon.";
    },
    { about: "tells the time" },
  );
  const { ear } = await stage.ask("channel:a", "What is the time?");
  await ear.until(() => ear.texts.get(1) === "It is ");
  more.resolve();
  await ear.untilEnded(1);
  const second = await stage.ask("channel:a", "And now?");
  await second.ear.untilEnded(second.turn);
  expect(seen).toEqual([
    { text: "What is the time?", history: [], author: "ada", conversation: "channel:a" },
    {
      text: "And now?",
      history: [
        { role: "user", text: "What is the time?" },
        { role: "assistant", text: "It is noon." },
      ],
      author: "ada",
      conversation: "channel:a",
    },
  ]);
  expect(summaryOf(await stage.entries())).toMatchObject({ data: { winner: "clock" } });
});

test("P7 two race for the first word: one is shown, the other is told to stand down", async () => {
  const stage = await setWorkersStage();
  const [start, aborted] = [gate(), new Set<string>()];
  for (const name of ["a", "b"]) {
    await stage.hire(name, async function* (_prompt, signal) {
      signal.addEventListener("abort", () => aborted.add(name));
      await start.promise;
      yield `${name} `;
      await new Promise(setImmediate);
      yield "answers";
    });
  }
  const { ear } = await stage.ask();
  await until(() => stage.panel.workers().every(({ busy }) => busy === 1));
  start.resolve();
  await ear.untilEnded(1);
  const text = ear.texts.get(1);
  expect(["a answers", "b answers"]).toContain(text);
  const loser = text === "a answers" ? "b" : "a";
  await until(() => aborted.has(loser) || stage.panel.workers().every(({ busy }) => busy === 0));
  const entries = await stage.entries();
  expect(entries.filter(({ kind }) => kind === "answer")).toHaveLength(1);
  expect(summaryOf(entries)).toMatchObject({ data: { winner: text?.[0] } });
});

test("P7 the first claim wins, though another speaks first; that one's reply is only a late one", async () => {
  const stage = await setWorkersStage();
  const [mine, spoken] = [gate(), gate()];
  const a = await stage.call("a");
  await stage.hire("b", async function* () {
    await mine.promise;
    yield "No, me";
    spoken.resolve();
  });
  const { ear } = await stage.ask();
  const { id } = await a.next((frame) => frame.type === "prompt");
  a.say({ type: "claim", id });
  a.say({ type: "ping" });
  await a.next((frame) => frame.type === "pong");
  mine.resolve();
  await spoken.promise;
  await until(() => stage.panel.workers().find(({ name }) => name === "b")?.busy === 0);
  expect(ear.texts.get(1)).toBeUndefined();
  a.say({ type: "delta", id, offset: 0, text: "Me" });
  a.say({ type: "final", id });
  await ear.untilEnded(1);
  expect([ear.texts.get(1), ear.ends.get(1)]).toEqual(["Me", "completed"]);
  const notes = (await stage.entries()).flatMap((entry) => (entry.kind === "note" ? [entry] : []));
  expect(notes.map(({ about }) => about)).toContain("late-reply");
  expect(notes.at(-1)?.data).toMatchObject({ winner: "a" });
});

test("P3 when all have declined it ends at once, and a failure is told from a refusal", async () => {
  const stage = await setWorkersStage();
  const moody = await stage.hire("a", ({ text }) =>
    text === "Fail!" ? Promise.reject(new Error()) : undefined,
  );
  await stage.hire("b", () => undefined);
  const first = await stage.ask();
  await first.ear.untilEnded(1);
  const second = await stage.ask("channel:b", "Fail!");
  await second.ear.untilEnded(1);
  expect([first.ear.ends.get(1), second.ear.ends.get(1)]).toEqual(["no_model", "worker_lost"]);
  expect(moody.registered).toBe(true);
  const nobody = await setWorkersStage();
  const third = await nobody.ask();
  await third.ear.untilEnded(1);
  expect(third.ear.ends.get(1)).toBe("no_model");
});

test("P9 stop reaches the worker; what it had said is kept, and it takes the next prompt", async () => {
  const stage = await setWorkersStage();
  const reasons: unknown[] = [];
  await stage.hire("a", async function* ({ text }, signal) {
    yield `${text} Well`;
    if (text !== "Who?") return;
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    reasons.push(signal.reason);
    yield "never said";
  });
  const { ear, promptId } = await stage.ask();
  await ear.until(() => ear.texts.get(1) === "Who? Well");
  await stage.heart.cancel(ada, "channel:a", promptId);
  await until(() => reasons.length === 1);
  expect([ear.texts.get(1), ear.ends.get(1), reasons]).toMatchObject([
    "Who? Well",
    "cancelled",
    [{ code: "cancelled" }],
  ]);
  const next = await stage.ask("channel:b", "And?");
  await next.ear.untilEnded(1);
  expect(next.ear.texts.get(1)).toBe("And? Well");
});

test("P4 a final text that contradicts what was shown ends the answer; the worker hears why it is stopped", async () => {
  const stage = await setWorkersStage();
  const a = await stage.call("a");
  const { ear } = await stage.ask();
  const { id } = await a.next((frame) => frame.type === "prompt");
  a.say({ type: "delta", id, offset: 0, text: "He" });
  await ear.until(() => ear.texts.get(1) === "He");
  a.say({ type: "final", id, text: "She" });
  await ear.untilEnded(1);
  expect([ear.texts.get(1), ear.ends.get(1)]).toEqual(["He", "worker_contradicts"]);
  const second = await stage.ask("channel:b");
  const next = await a.next((frame) => frame.type === "prompt");
  a.say({ type: "delta", id: next["id"], offset: 0, text: "Hello" });
  a.say({ type: "delta", id: next["id"], offset: 2, text: "y" });
  await second.ear.untilEnded(1);
  expect(second.ear.ends.get(1)).toBe("worker_contradicts");
  await a.next((frame) => frame.type === "stop");
});

test("a full worker gets the next prompt when it has room, also of another conversation", async () => {
  const stage = await setWorkersStage();
  const gates = [gate(), gate()];
  let asked = 0;
  await stage.hire("a", async function* ({ text }) {
    const mine = gates[asked];
    asked += 1;
    await mine?.promise;
    yield text;
  });
  const first = await stage.ask("channel:a", "one");
  const second = await stage.ask("channel:b", "two");
  await until(() => asked === 1);
  gates[0]?.resolve();
  await first.ear.untilEnded(1);
  await until(() => asked === 2);
  gates[1]?.resolve();
  await second.ear.untilEnded(1);
  expect([first.ear.texts.get(1), second.ear.texts.get(1)]).toEqual(["one", "two"]);
});

test("a worker that comes while a prompt is open may be the one that answers it", async () => {
  const stage = await setWorkersStage();
  await stage.hire("a", (_prompt, signal) => new Promise((_, no) => signal.addEventListener("abort", no)));
  const { ear } = await stage.ask();
  await stage.hire("b", () => "Here I am");
  await ear.untilEnded(1);
  expect([ear.texts.get(1), ear.ends.get(1)]).toEqual(["Here I am", "completed"]);
});

test("all: every worker's reply is one", async () => {
  const stage = await setWorkersStage({ contest: { policy: "all" } });
  for (const name of ["a", "b"]) await stage.hire(name, () => `I am ${name}`);
  const { ear } = await stage.ask();
  await ear.untilEnded(1);
  const replies = (await stage.entries()).flatMap((one) =>
    one.kind === "reply" ? [[one.model, one.text]] : [],
  );
  expect(new Map(replies.map(([model = "", text]) => [model, text]))).toEqual(
    new Map([
      ["a", "I am a"],
      ["b", "I am b"],
    ]),
  );
});
