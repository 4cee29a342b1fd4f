import type { Entry } from "@colloquy/protocol";

/** Rough size in UTF-16 code units. Notes tell of so many models that their size is guessed rather than counted. */
export const weightOf = (entry: Entry): number => {
  switch (entry.kind) {
    case "prompt":
      return 128 + entry.text.length + (entry.files?.reduce((sum, { data }) => sum + data.length, 0) ?? 0);
    case "answer":
    case "reasoning":
    case "reply":
      return 128 + entry.text.length;
    case "tool-call":
      return 128 + entry.arguments.length;
    case "tool-result":
      return 128 + entry.content.length;
    case "note":
      return 640;
    case "approval":
    case "turn-end":
      return 128;
  }
};
