import { isOpenCall, type TurnView } from "@colloquy/client";
import { duration } from "../clock/duration.ts";
import { askingWords } from "./contest-words.ts";

/** Whether there is still something to wait for. */
export const isOpen = ({ state }: TurnView): boolean =>
  state === "sending" || state === "queued" || state === "running" || state === "waiting";

/** Whether an answer is being made just now, which a person may want to stop. */
export const isAnswering = ({ state }: TurnView): boolean => state === "running" || state === "waiting";

/** Whether words are the last thing that was there: neither nothing at all nor a call. */
const isTalking = ({ calls = [], text }: TurnView): boolean =>
  text.trim() !== "" && calls.every(({ at }) => text.slice(at).trim() !== "");

/** What is going on while no word of the answer is there yet, or beside it; undefined when there is nothing to add. */
export const progressWords = (turn: TurnView, connected: boolean): string | undefined => {
  switch (turn.state) {
    case "sending":
      return connected ? "Sending…" : "Not sent yet. It goes out as soon as the connection is back.";
    case "queued":
      return "Waiting for its turn…";
    case "waiting":
      // The calls that it waits for say so themselves.
      return turn.calls?.some(isOpenCall) === true
        ? undefined
        : (turn.activity ?? "Waiting for an approval…");
    case "running":
      if (turn.calls?.some(isOpenCall) === true) return undefined;
      if (turn.activity !== undefined || isTalking(turn)) return turn.activity;
      return askingWords(turn.contest, turn.replies?.length ?? 0) ?? "Thinking…";
    case "completed":
    case "failed":
    case "cancelled":
    case "refused":
      break;
  }
  return undefined;
};

/** What is said below a turn that did not complete. */
export const endWords = (turn: TurnView): string | undefined => {
  const reason = turn.error?.message;
  switch (turn.state) {
    case "cancelled":
      return turn.text === "" ? "Stopped before the first word." : "Stopped. This is what had been written.";
    case "failed":
      return reason ?? "The answer could not be finished.";
    case "refused":
      return reason === undefined ? "This was not sent." : `This was not sent. ${reason}`;
    case "completed":
      return turn.text.trim() === "" && !turn.replies ? "The answer was empty." : undefined;
    case "sending":
    case "queued":
    case "running":
    case "waiting":
      break;
  }
  return undefined;
};

/** Model, tokens and seconds of a turn, as far as they are known. */
export const metaWords = (turn: TurnView): readonly string[] => {
  const { model, usage, startedAt, ranAt = startedAt, endedAt, workMs } = turn;
  const words: string[] = [];
  if (model !== undefined) words.push(model);
  if (usage) {
    const { estimated, outputTokens } = usage;
    words.push(
      `${estimated === true ? "about " : ""}${outputTokens} ${outputTokens === 1 ? "token" : "tokens"}`,
    );
  }
  // Counted from when it ran: how long it stood in line says nothing about the model.
  const took = workMs ?? (ranAt === undefined || endedAt === undefined ? undefined : endedAt - ranAt);
  if (took !== undefined && took >= 0) words.push(duration(took));
  return words;
};

/** What a screen reader is told when a turn goes from one state to another. */
export const announcement = (before: TurnView["state"], turn: TurnView): string | undefined => {
  if (before === turn.state) return undefined;
  if (turn.state === "waiting") {
    const call = turn.calls?.find(({ state }) => state === "waiting");
    return call && `The tool ${call.name} waits for approval.`;
  }
  if (turn.state === "running" && before !== "waiting") return "The assistant is answering.";
  if (turn.state === "completed") return "The answer is complete.";
  return endWords(turn);
};
