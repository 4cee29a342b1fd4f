import type { Clock } from "../kernel/clock.ts";
import type { Tool, ToolArguments, ToolContext } from "../tools/tool.ts";
import { cutText } from "./cut-text.ts";

/** What a call came to, as the model reads it. */
export interface ToolOutcome {
  readonly outcome: "result" | "error";
  readonly content: string;
}

export interface ToolSetting {
  /** Whose abort ends the call: that of the turn. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** What went wrong, as a sentence, whatever was thrown: also what cannot be made text of. */
export const sentenceOf = (thrown: unknown): string => {
  try {
    const said = thrown instanceof Error ? thrown.message : String(thrown);
    return typeof said === "string" && said !== "" ? said : "It failed without saying why.";
  } catch {
    return "It failed without saying why.";
  }
};

/**
 * Runs one call to its end: at most as long as its tool may take, with at most as much of a result. Never rejects. A tool
 * that runs on after its time, or after the turn was stopped, is not waited for, and what it says then is heard by nobody.
 */
export const runTool = (
  tool: Tool,
  args: ToolArguments,
  context: Omit<ToolContext, "signal">,
  { signal, clock }: ToolSetting,
): Promise<ToolOutcome> =>
  new Promise((resolve) => {
    const stopping = new AbortController();
    const end = (outcome: ToolOutcome["outcome"], content: string): void => {
      stopTimer();
      signal.removeEventListener("abort", onAbort);
      resolve({ outcome, content: cutText(content, tool.resultChars) });
    };
    const onAbort = (): void => {
      stopping.abort(signal.reason);
      end("error", "It was stopped.");
    };
    const stopTimer = clock.after(tool.timeMs, () => {
      const sentence = `It took longer than ${tool.timeMs / 1000} seconds and was stopped.`;
      stopping.abort(new Error(sentence));
      end("error", sentence);
    });
    if (signal.aborted) return onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    const run = async (): Promise<unknown> => tool.run(args, { ...context, signal: stopping.signal });
    return void run().then(
      (result) => end("result", resultText(result)),
      (thrown: unknown) => end("error", sentenceOf(thrown)),
    );
  });

/** Tools are written by anybody: a result that is no text is made one. */
const resultText = (result: unknown): string => {
  if (typeof result === "string") return result;
  try {
    return JSON.stringify(result) ?? "";
  } catch (thrown) {
    return sentenceOf(thrown);
  }
};
