import fc from "fast-check";
import { expect, test } from "vitest";
import { arbitrate } from "./arbitration.ts";
import {
  contestantOf,
  newArbitration,
  type ArbitrationEvent,
  type ArbitrationPolicy,
  type Verdict,
} from "./arbitration-state.ts";

const play = (policy: ArbitrationPolicy, events: readonly ArbitrationEvent[]) => {
  let state = newArbitration(policy);
  const verdicts: Verdict[] = [];
  for (const event of events) {
    const decision = arbitrate(state, event);
    state = decision.state;
    verdicts.push(...decision.verdicts);
  }
  return { state, verdicts };
};

const asked = (...models: string[]): ArbitrationEvent[] => [
  ...models.map((model) => ({ type: "asked" as const, model })),
  { type: "all-asked" },
];

const model = fc.constantFrom("a", "b", "c", "d");
const happening: fc.Arbitrary<ArbitrationEvent> = fc.oneof(
  fc.record({ type: fc.constant("claim" as const), model }),
  fc.record({
    type: fc.constant("text" as const),
    model,
    text: fc.constantFrom("x", "xx", "y"),
  }),
  fc.record({
    type: fc.constant("text" as const),
    model,
    text: fc.constantFrom("x", "xx"),
    offset: fc.nat(4),
  }),
  fc.record({
    type: fc.constant("final" as const),
    model,
    text: fc.constantFrom("xxxx", "y", ""),
  }),
  fc.record({ type: fc.constant("final" as const), model }),
  fc.record({ type: fc.constant("decline" as const), model }),
  fc.record({
    type: fc.constant("lost" as const),
    model,
    code: fc.constant("worker_lost" as const),
  }),
  fc.record({ type: fc.constant("claim-expired" as const), model }),
  fc.record({ type: fc.constant("asked" as const), model: fc.constantFrom("c", "d") }),
  fc.constant<ArbitrationEvent>({ type: "deadline" }),
  fc.constant<ArbitrationEvent>({ type: "all-asked" }),
  fc.constant<ArbitrationEvent>({ type: "stopped", code: "cancelled" }),
);

test("P7 P3 any interleaving: at most one model is shown, nothing after the end, exactly one end", () => {
  fc.assert(
    fc.property(
      fc.constantFrom<ArbitrationPolicy>("first", "all"),
      fc.array(happening, { maxLength: 40 }),
      (policy, events) => {
        let state = newArbitration(policy);
        let ends = 0;
        let shown = "";
        let speaker: string | undefined;
        const replied = new Set<string>();
        const finish: ArbitrationEvent[] = [...asked("a", "b"), ...events, { type: "deadline" }];
        for (const name of ["a", "b", "c", "d"])
          finish.push({ type: "lost", model: name, code: "worker_lost" });
        for (const event of finish) {
          const decision = arbitrate(state, event);
          state = decision.state;
          for (const verdict of decision.verdicts) {
            if (verdict.do !== "note-late") expect(ends).toBe(0);
            if (verdict.do === "end") ends += 1;
            if (verdict.do === "show") {
              expect(policy).toBe("first");
              expect(speaker ?? state.winner).toBe(state.winner);
              speaker = state.winner;
              shown += verdict.text;
            }
            if (verdict.do === "reply") {
              expect(policy).toBe("all");
              expect(replied.has(verdict.model)).toBe(false);
              replied.add(verdict.model);
            }
          }
        }
        expect(ends).toBe(1);
        expect(speaker === undefined ? "" : contestantOf(state, speaker)?.run.text).toBe(shown);
      },
    ),
    { numRuns: 3_000 },
  );
});

test("first: the winner's tokens are shown from its first one on, and the others stand down", () => {
  const { verdicts } = play("first", [
    ...asked("a", "b", "c"),
    { type: "text", model: "b", text: "Hel" },
    { type: "text", model: "a", text: "No" },
    { type: "text", model: "b", text: "lo" },
    { type: "final", model: "b" },
    { type: "final", model: "a", text: "No!" },
  ]);
  expect(verdicts).toEqual([
    { do: "show", text: "Hel" },
    { do: "stand-down", model: "a" },
    { do: "stand-down", model: "c" },
    { do: "show", text: "lo" },
    { do: "end", code: undefined, winner: "b" },
    { do: "note-late", model: "a", text: "No!" },
  ]);
});

test("first: a claim holds the prompt; given up in silence, whoever spoke meanwhile is shown", () => {
  const { verdicts } = play("first", [
    ...asked("a", "b"),
    { type: "claim", model: "a" },
    { type: "final", model: "b", text: "mine" },
    { type: "claim-expired", model: "a" },
  ]);
  expect(verdicts).toEqual([
    { do: "await-claim", model: "a" },
    { do: "show", text: "mine" },
    { do: "stand-down", model: "a" },
    { do: "end", code: undefined, winner: "b" },
  ]);
});

test("a winner that dies after its first shown character takes the answer with it: worker_lost", () => {
  const { verdicts } = play("first", [
    ...asked("a", "b"),
    { type: "text", model: "a", text: "I " },
    { type: "lost", model: "a", code: "worker_lost" },
  ]);
  expect(verdicts.at(-1)).toEqual({ do: "end", code: "worker_lost", winner: "a" });
});

test("a final text that does not begin with what was shown: worker_contradicts; one that does supplies the rest", () => {
  const begun = [...asked("a"), { type: "text", model: "a", text: "He" } as const];
  expect(play("first", [...begun, { type: "final", model: "a", text: "She" }]).verdicts.at(-1)).toMatchObject(
    { code: "worker_contradicts" },
  );
  const whole = play("first", [
    ...begun,
    { type: "text", model: "a", text: "o", offset: 4 },
    { type: "final", model: "a", text: "Hello" },
  ]);
  expect(whole.verdicts).toEqual([
    { do: "show", text: "He" },
    { do: "show", text: "llo" },
    { do: "end", code: undefined, winner: "a" },
  ]);
});

test("when all have declined the turn ends at once; when all were lost, with the first loss; at the deadline, no_reply", () => {
  const decline = (name: string): ArbitrationEvent => ({ type: "decline", model: name });
  expect(play("first", [...asked("a", "b"), decline("a"), decline("b")]).verdicts).toEqual([
    { do: "end", code: "no_model", winner: undefined },
  ]);
  expect(
    play("first", [...asked("a"), { type: "lost", model: "a", code: "provider_busy" }]).verdicts.at(-1),
  ).toMatchObject({ code: "provider_busy" });
  expect(play("first", [...asked("a"), { type: "deadline" }]).verdicts).toEqual([
    { do: "stand-down", model: "a" },
    { do: "end", code: "no_reply", winner: undefined },
  ]);
});

test("P9 stopped from outside: the end, with whoever was speaking; what is said then is late", () => {
  const stop: ArbitrationEvent = { type: "stopped", code: "cancelled" };
  const silent = play("first", [
    ...asked("a", "b"),
    { type: "claim", model: "a" },
    stop,
    { type: "final", model: "a", text: "mine" },
    stop,
  ]);
  expect(silent.verdicts.slice(1)).toEqual([
    { do: "stand-down", model: "a" },
    { do: "stand-down", model: "b" },
    { do: "end", code: "cancelled", winner: undefined },
    { do: "note-late", model: "a", text: "mine" },
  ]);
  const speaking = play("first", [...asked("a"), { type: "text", model: "a", text: "I" }, stop]);
  expect(speaking.verdicts.at(-1)).toEqual({ do: "end", code: "cancelled", winner: "a" });
});

test("all: each reply is one, the end comes when everyone has had a say", () => {
  const { verdicts } = play("all", [
    ...asked("a", "b", "c"),
    { type: "final", model: "b", text: "B" },
    { type: "final", model: "b", text: "B again" },
    { type: "decline", model: "a" },
    { type: "text", model: "c", text: "C" },
    { type: "final", model: "c" },
  ]);
  expect(verdicts).toEqual([
    { do: "reply", model: "b", text: "B" },
    { do: "reply", model: "c", text: "C" },
    { do: "end", code: undefined, winner: undefined },
  ]);
});

test("first: who is asked only when an answer is being shown need not begin", () => {
  const { verdicts, state } = play("first", [
    ...asked("a"),
    { type: "claim", model: "a" },
    { type: "asked", model: "b" },
    { type: "text", model: "a", text: "I" },
    { type: "asked", model: "c" },
  ]);
  expect(verdicts.slice(1)).toEqual([
    { do: "show", text: "I" },
    { do: "stand-down", model: "b" },
    { do: "stand-down", model: "c" },
  ]);
  expect(state.contestants.map(({ model }) => model)).toEqual(["a", "b"]);
});
