import type { PromptFile } from "@colloquy/protocol";
import type { TurnFile } from "./conversation.ts";

/** How many bytes Base64 stands for. */
const sizeOf = (data: string): number => {
  const padding = data.endsWith("==") ? 2 : data.endsWith("=") ? 1 : 0;
  return Math.floor((data.length * 3) / 4) - padding;
};

/** A file of a prompt as a screen shows it. */
export const toldFile = ({ name, type, data }: PromptFile): TurnFile => ({
  name,
  type,
  size: sizeOf(data),
  data,
});
