import fc from "fast-check";
import { expect, test } from "vitest";
import { queued, transition, type TurnEvent, type TurnState } from "./turn-state.ts";

const event = fc.oneof(
  fc.record({ type: fc.constant("start" as const), attempt: fc.nat(3) }),
  fc.record({ type: fc.constant("wait" as const) }),
  fc.record({ type: fc.constant("decided" as const) }),
  fc.record({ type: fc.constant("end" as const), end: fc.constantFrom("completed", "failed", "cancelled") }),
);

test("P3 whatever happens in whatever order, a turn ends at most once and an ended one never comes back", () => {
  fc.assert(
    fc.property(fc.array(event), (events: readonly TurnEvent[]) => {
      let state: TurnState = queued;
      let ends = 0;
      for (const one of events) {
        const next = transition(state, one);
        if (state.phase === "ended") expect(next).toBe(state);
        if (next.phase === "ended" && state.phase !== "ended") ends += 1;
        state = next;
      }
      expect(ends).toBe(events.some((one) => one.type === "end") ? 1 : 0);
    }),
  );
});
