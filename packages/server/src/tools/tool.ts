/** What a call is made with, beside its arguments. */
export interface ToolContext {
  readonly conversation: string;
  /** Entry number of the prompt. */
  readonly turn: number;
  readonly callId: string;
  /** Whose prompt made the call. */
  readonly user: string;
  /** Aborted when the turn is stopped or the tool's time is over; whoever runs on is not waited for. */
  readonly signal: AbortSignal;
}

export type ToolArguments = Readonly<Record<string, unknown>>;

/**
 * A function that a model may call.
 *
 * Duties. *Arguments*: `misfit` is asked before `run`, and nothing runs with arguments that it found fault with. *Errors*:
 * `run` throws; the sentence of the error is what the model reads, so it holds no secret. *Time*: whoever calls
 * `run` aborts its signal after `timeMs`. *Size*: whoever calls `run` cuts the result to `resultChars`. *Once*: a call is
 * run at most once, also across restarts.
 */
export interface Tool {
  /** `[A-Za-z0-9_-]`, at most 64. */
  readonly name: string;
  readonly description: string;
  /** JSON Schema of an object. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** One line for the system prompt: when and how to use it. */
  readonly usage?: string;
  /** Somebody must agree before it runs. */
  readonly approval: boolean;
  /** `client`: it runs in the program of whoever asked, and `run` is never called. */
  readonly runs: "server" | "client";
  /** How long it may run (or, in a client, be waited for); milliseconds. */
  readonly timeMs: number;
  /** Length of a result, in UTF-16 code units. */
  readonly resultChars: number;
  /** What people are shown while it runs. */
  progress?(args: ToolArguments): string;
  /** What is wrong with the arguments, as a sentence for the model; undefined when they fit. */
  misfit(args: ToolArguments): string | undefined;
  /** The result as the model reads it: text, or JSON. */
  run(args: ToolArguments, context: ToolContext): Promise<string>;
}

/** Tools that may come and go while the server runs: those of an MCP server, say. */
export interface ToolSource {
  /** Those that can be called now. */
  tools(): readonly Tool[];
  close(): Promise<void>;
}
