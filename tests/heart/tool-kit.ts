import type { Entry } from "@colloquy/protocol";
import { ColloquyError } from "../../packages/server/src/kernel/colloquy-error.ts";
import type { ModelMessage, ModelRequest } from "../../packages/server/src/models/model.ts";
import type { Script, ScriptStep } from "../../packages/server/src/models/scripted-model.ts";
import type { Tool, ToolArguments, ToolContext } from "../../packages/server/src/tools/tool.ts";
import { ada, type Bed } from "./bed.ts";

export interface ToolRun {
  readonly args: ToolArguments;
  readonly context: ToolContext;
}

export interface TestTool extends Tool {
  /** Every run so far. */
  readonly ran: readonly ToolRun[];
}

/** A tool that says what `does` says: `name` and its arguments when left out. */
export const tool = (
  name: string,
  does: (args: ToolArguments, context: ToolContext) => unknown = (args) => `${name} ${JSON.stringify(args)}`,
  more: Partial<Tool> = {},
): TestTool => {
  const ran: ToolRun[] = [];
  const running = async (args: ToolArguments, context: ToolContext): Promise<unknown> => {
    ran.push({ args, context });
    return does(args, context);
  };
  // What a tool gives may be anything, whatever its type says.
  const { run }: Pick<Tool, "run"> = JSON.parse("{}", () => ({ run: running }));
  return {
    name,
    description: `The tool ${name}.`,
    parameters: { type: "object" },
    approval: false,
    runs: "server",
    timeMs: 10_000,
    resultChars: 1_000,
    misfit: () => undefined,
    run,
    ...more,
    ran,
  };
};

/** One that waits for an approval, and one that runs in the client. */
export const careful = (name: string): TestTool => tool(name, undefined, { approval: true });
export const remote = (name: string, timeMs = 10_000): TestTool =>
  tool(name, undefined, { runs: "client", timeMs });

export const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "no error",
    (thrown: unknown) => (thrown instanceof ColloquyError ? thrown.code : String(thrown)),
  );

/** The whole log of a conversation. */
export const logOf = async ({ store }: Bed, conversation = "channel:a"): Promise<readonly Entry[]> =>
  store.readAfter(conversation, 0, 10_000);

/** Entries in a short form, notes about attempts and usage aside. */
export const told = (entries: readonly Entry[]): string[] =>
  entries.flatMap((entry) => {
    switch (entry.kind) {
      case "answer":
        return [`answer ${entry.offset} ${entry.text}`];
      case "tool-call":
        return [`call ${entry.callId} ${entry.name}`];
      case "approval":
        return [`${entry.state} ${entry.callId}`];
      case "tool-result":
        return [`${entry.outcome} ${entry.callId} ${entry.content}`];
      case "turn-end":
        return [entry.code ?? entry.end];
      case "note":
        return entry.data?.["resumed"] === true ? ["resumed"] : [];
      default:
        return [entry.kind];
    }
  });

/** Asks, in conversation `channel:a`. */
export const ask = async ({ heart }: Bed, text = "Go", promptId = "p1", who = ada): Promise<number> =>
  (await heart.prompt(who, "channel:a", { text, promptId })).turn;

/** Says these things when it is first called, then that it is done. */
export const once =
  (...steps: readonly ScriptStep[]): Script =>
  (_, call) =>
    call === 1 ? steps : ["Done."];

/** P10: in no request is a call left open, or a result without its call. */
export const isWhole = ({ messages }: Pick<ModelRequest, "messages">): boolean => {
  const open = new Set<string>();
  for (const message of messages) {
    if (message.role === "tool") {
      if (!open.delete(message.callId)) return false;
    } else {
      if (open.size > 0) return false;
      if (message.role === "assistant") for (const { callId } of message.calls ?? []) open.add(callId);
    }
  }
  return open.size === 0;
};

/** What the model is given after the prompt. */
export const ownOf = ({ messages }: Pick<ModelRequest, "messages">): readonly ModelMessage[] =>
  messages.slice(messages.findLastIndex(({ role }) => role === "user") + 1);
