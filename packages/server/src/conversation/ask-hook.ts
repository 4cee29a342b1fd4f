import { ColloquyError } from "../kernel/colloquy-error.ts";
import type { ConversationHooks } from "./surroundings.ts";

type Hook = NonNullable<ConversationHooks["beforePrompt"]>;

/** What a person is shown of a hook's sentence at most, UTF-16 code units. */
const longestSentence = 500;

/** Thrown by JavaScript or the system rather than by whoever wrote the hook: nothing that a person could do about it. */
const isFault = (thrown: unknown): boolean =>
  thrown instanceof TypeError ||
  thrown instanceof ReferenceError ||
  thrown instanceof RangeError ||
  thrown instanceof SyntaxError ||
  thrown instanceof DOMException ||
  (thrown instanceof Error && "syscall" in thrown);

const refusal = (thrown: unknown): unknown => {
  if (thrown instanceof ColloquyError || isFault(thrown)) return thrown;
  const sentence = thrown instanceof Error ? thrown.message : thrown;
  const message =
    typeof sentence === "string" ? sentence.trim().slice(0, longestSentence).toWellFormed() : "";
  return new ColloquyError("refused", { cause: thrown, ...(message !== "" && { message }) });
};

/**
 * The text of a prompt as the operator's hook has it. What the hook throws refuses the prompt: a ColloquyError with its own
 * code, an error of the hook's own as `refused` with its sentence; a TypeError and the like are faults of the hook and pass
 * through.
 */
export const askHook = async (hook: Hook | undefined, prompt: Parameters<Hook>[0]): Promise<string> => {
  if (!hook) return prompt.text;
  try {
    const changed = await hook(prompt);
    return changed?.text.toWellFormed() ?? prompt.text;
  } catch (thrown) {
    throw refusal(thrown);
  }
};
