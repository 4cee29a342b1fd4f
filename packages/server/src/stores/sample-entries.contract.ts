import type { NewEntry } from "@colloquy/protocol";

export const prompt = (id: string, text = "hello", at = 1): NewEntry => ({
  kind: "prompt",
  at,
  id,
  author: "ada",
  text,
  assistant: "guide",
});
export const answer = (turn: number, text = "well", at = 2): NewEntry => ({
  kind: "answer",
  at,
  turn,
  part: `${turn}.1.0`,
  offset: 0,
  text,
});
export const end = (turn: number, at = 3): NewEntry => ({ kind: "turn-end", at, turn, end: "completed" });
