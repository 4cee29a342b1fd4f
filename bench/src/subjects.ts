import type { WireName } from "./load/job.ts";

/** A server under test. */
export interface Subject {
  /** As the table names it. */
  readonly name: string;
  readonly wire: WireName;
  /** Arguments of Node, from the repository's root. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Path that answers 200 once the server may be used; without it, it may be used as soon as it listens. */
  readonly ready?: string;
}

const rival = (name: string, wire: WireName, file: string): Subject => ({
  name,
  wire,
  args: [`bench/src/rivals/${file}.ts`],
});

export const colloquy: Subject = {
  name: "Colloquy",
  wire: "channels",
  args: ["--conditions=colloquy-source", "packages/server/src/main.ts", "serve"],
  // The load comes from one address, as no crowd does.
  ready: "/readyz",
  env: { MODEL: "openai:bench", OPENAI_API_KEY: "bench", PROMPTS_PER_MINUTE: "10000000" },
};

/** The program people write today. */
export const rivalOne = rival("streamText + Socket.IO", "socketio", "streamtext-socketio");
/** The careful one. */
export const rivalTwo = rival("fetch + ws", "plain", "careful-ws");

export const fanoutWs = rival("ws loop", "channels", "fanout-ws");
export const fanoutSocketio = rival("Socket.IO room", "socketio", "fanout-socketio");
export const fanoutBare = rival("bare write loop", "channels", "fanout-bare");

/** No server in between: the load reads the stand-in's streams. */
export const noServer: Subject = { name: "no server", wire: "none", args: [] };
