/** What a command has around it; passed in, so that tests need no process. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder that paths are relative to, and where the configuration file is looked for. */
  readonly cwd: string;
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly errors: NodeJS.WritableStream;
  /** A person reads what is written to `errors`. */
  readonly isPerson: boolean;
  /** Calls `run` at every SIGTERM and SIGINT until the returned function is called. */
  onStop(run: () => void): () => void;
  /** Calls `run` when a promise fails that nobody waits for, instead of ending the process. */
  onRejection(run: (reason: unknown) => void): void;
}

/** How a command ended, as a process says it: 0 good, 1 it failed, 2 it was called or configured wrongly. */
export type ExitCode = 0 | 1 | 2;
