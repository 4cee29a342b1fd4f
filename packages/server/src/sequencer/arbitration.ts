import type { Code } from "@colloquy/protocol";
import {
  contestantOf,
  type Arbitration,
  type ArbitrationEvent,
  type Contestant,
  type Decision,
  type Verdict,
} from "./arbitration-state.ts";
import { emptyRun, extend } from "./gapless-run.ts";

const fresh = (model: string): Contestant => ({ model, standing: "asked", run: emptyRun, complete: false });

/**
 * Decides what an event means. Pure, so that any interleaving can be tried: whatever happens in whatever order, at most one
 * model's text is shown under `first`, and there is exactly one `end` (P3, P7).
 */
export const arbitrate = (state: Arbitration, event: ArbitrationEvent): Decision => {
  switch (event.type) {
    case "asked":
      return asked(state, event.model);
    case "all-asked":
      return settle({ ...state, allAsked: true });
    case "deadline":
      return atDeadline(state);
    case "stopped":
      return end(state, event.code, speaker(state));
    case "claim":
      return claimed(state, event.model);
    case "claim-expired":
      return reopened(state, event.model);
    case "decline":
      return gone(state, event.model, "declined", undefined);
    case "lost":
      return gone(state, event.model, "lost", event.code);
    case "text":
      return said(state, event.model, event.text, event.offset, false);
    case "final": {
      const known = contestantOf(state, event.model);
      return said(
        state,
        event.model,
        event.text ?? known?.run.text ?? "",
        event.text === undefined ? undefined : 0,
        true,
      );
    }
  }
};

const none: readonly Verdict[] = [];

const same = (state: Arbitration, verdicts = none): Decision => ({ state, verdicts });

/** With this one in its place, or added. */
const put = (state: Arbitration, contestant: Contestant): Arbitration => {
  const { contestants } = state;
  const place = contestants.findIndex(({ model }) => model === contestant.model);
  return {
    ...state,
    contestants: place < 0 ? [...contestants, contestant] : contestants.with(place, contestant),
  };
};

/** May still say something that counts. */
const open = ({ standing }: Contestant): boolean =>
  standing === "asked" || standing === "claimed" || standing === "speaking";

/** Whose text is being shown. */
const speaker = (state: Arbitration): string | undefined =>
  state.winner !== undefined && contestantOf(state, state.winner)?.standing === "speaking"
    ? state.winner
    : undefined;

const asked = (state: Arbitration, model: string): Decision => {
  if (state.ended || contestantOf(state, model)) return same(state);
  // An answer is being shown already: whoever comes to be asked only now need not begin.
  return speaker(state) !== undefined
    ? same(state, [{ do: "stand-down", model }])
    : same(put(state, fresh(model)));
};

const claimed = (state: Arbitration, model: string): Decision => {
  // Whoever answers unasked is taken as asked: replies of old peers come under names that nobody foresaw.
  const contestant = contestantOf(state, model) ?? fresh(model);
  if (state.ended || contestant.standing !== "asked") return same(state);
  const next = put(state, { ...contestant, standing: "claimed" });
  if (state.policy === "all" || state.winner !== undefined) return same(next);
  return same({ ...next, winner: model }, [{ do: "await-claim", model }]);
};

const reopened = (state: Arbitration, model: string): Decision => {
  const contestant = contestantOf(state, model);
  if (state.ended || contestant?.standing !== "claimed") return same(state);
  const next = put(state, { ...contestant, standing: "asked" });
  return state.winner === model ? succeed({ ...next, winner: undefined }) : same(next);
};

const gone = (
  state: Arbitration,
  model: string,
  standing: "declined" | "lost",
  code: Code | undefined,
): Decision => {
  const contestant = contestantOf(state, model) ?? fresh(model);
  if (state.ended || !open(contestant)) return same(state);
  const next = { ...put(state, { ...contestant, standing }), loss: state.loss ?? code };
  if (state.winner !== model) return settle(next);
  // What was shown cannot be another's: with the winner goes the answer.
  if (contestant.standing === "speaking")
    return end(next, standing === "declined" ? "worker_lost" : (code ?? "worker_lost"), model);
  return succeed({ ...next, winner: undefined });
};

const said = (
  state: Arbitration,
  model: string,
  text: string,
  offset: number | undefined,
  complete: boolean,
): Decision => {
  const contestant = contestantOf(state, model) ?? fresh(model);
  if (state.ended || !open(contestant)) {
    const late = complete && contestant.standing !== "replied" && text !== "";
    return late
      ? same(put(state, { ...contestant, standing: "replied" }), [{ do: "note-late", model, text }])
      : same(state);
  }
  const run =
    complete && offset === undefined
      ? { ...contestant.run, added: "" }
      : extend(contestant.run, text, offset);
  // The final text must begin with what was shown, and supplies the rest.
  const contradicts = run === undefined || (complete && offset === 0 && run.text !== text);
  if (contradicts)
    return state.winner === model
      ? contradiction(state, model, contestant)
      : gone(state, model, "lost", "worker_contradicts");
  const standing = complete ? "replied" : run.text === "" ? contestant.standing : "speaking";
  const next = put(state, { model, standing, run, complete });
  if (state.policy === "all")
    return complete ? settle(next, [{ do: "reply", model, text: run.text }]) : same(next);
  const winner = state.winner ?? (standing === "asked" ? undefined : model);
  if (winner !== model) {
    // Somebody else holds the prompt. What is complete now may have to stand in if that one gives it up.
    return same(put(state, { model, standing: "speaking", run, complete }));
  }
  const first = state.winner !== model || contestant.standing !== "speaking";
  return show({ ...next, winner }, model, run.added, first);
};

/** The winner's text grew; from its first character on it is final, and the others stand down. */
const show = (state: Arbitration, model: string, text: string, first: boolean): Decision => {
  const contestant = contestantOf(state, model) ?? fresh(model);
  const verdicts: Verdict[] = text === "" ? [] : [{ do: "show", text }];
  if (!first || (contestant.run.text === "" && !contestant.complete)) {
    return contestant.complete ? end(state, undefined, model, verdicts) : same(state, verdicts);
  }
  const contestants = state.contestants.map((other): Contestant => {
    if (other.model === model || !open(other)) return other;
    verdicts.push({ do: "stand-down", model: other.model });
    if (other.complete) verdicts.push({ do: "note-late", model: other.model, text: other.run.text });
    return { ...other, standing: "stood-down" };
  });
  const next = { ...state, contestants };
  return contestant.complete ? end(next, undefined, model, verdicts) : same(next, verdicts);
};

/** The one that held the prompt gave it up in silence: whoever spoke meanwhile takes its place, in the order of asking. */
const succeed = (state: Arbitration): Decision => {
  for (const contestant of state.contestants) {
    const { model } = contestant;
    if (contestant.standing === "speaking" && contestant.run.text !== "") {
      const standing = contestant.complete ? "replied" : "speaking";
      const { text } = contestant.run;
      return show({ ...put(state, { ...contestant, standing }), winner: model }, model, text, true);
    }
  }
  for (const { model, standing } of state.contestants) {
    if (standing === "claimed") return same({ ...state, winner: model }, [{ do: "await-claim", model }]);
  }
  return settle(state);
};

const contradiction = (state: Arbitration, model: string, contestant: Contestant): Decision =>
  end(put(state, { ...contestant, standing: "lost" }), "worker_contradicts", model);

const atDeadline = (state: Arbitration): Decision => {
  if (state.ended) return same(state);
  if (state.policy === "all") return end(state, anyReply(state) ? undefined : "no_reply", undefined);
  const holder = state.winner === undefined ? undefined : contestantOf(state, state.winner);
  // The deadline is for taking the prompt; one that speaks is bounded by the turn's own limits.
  return holder && holder.standing !== "claimed" ? same(state) : end(state, "no_reply", undefined);
};

const anyReply = (state: Arbitration): boolean => state.contestants.some((one) => one.standing === "replied");

/** Ends when nobody is left who could still answer. */
const settle = (state: Arbitration, verdicts: readonly Verdict[] = []): Decision => {
  if (state.ended || !state.allAsked || state.contestants.some(open)) return same(state, verdicts);
  const code = anyReply(state) && state.policy === "all" ? undefined : (state.loss ?? "no_model");
  return end(state, code, undefined, verdicts);
};

/** The one end; whoever is still open stands down. */
const end = (
  state: Arbitration,
  code: Code | undefined,
  winner: string | undefined,
  before: readonly Verdict[] = [],
): Decision => {
  if (state.ended) return same(state, before);
  const verdicts = [...before];
  const contestants = state.contestants.map((contestant): Contestant => {
    const { model } = contestant;
    if (model === winner || !open(contestant)) return contestant;
    verdicts.push({ do: "stand-down", model });
    return { ...contestant, standing: "stood-down" };
  });
  verdicts.push({ do: "end", code, winner });
  return { state: { ...state, contestants, ended: true, winner }, verdicts };
};
