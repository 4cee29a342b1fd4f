import { setTimeout as sleep } from "node:timers/promises";
import type { Entry } from "../../packages/protocol/src/index.ts";
import type { ColloquyConfig } from "../../packages/server/src/app/config/define-config.ts";
import { everything } from "../../packages/server/src/auth/principal.ts";
import { createScriptedModel } from "../../packages/server/src/models/scripted-model.ts";
import { ownServer } from "../server/own-server.ts";
import { freshFolder } from "../server/process.ts";

const me = { user: "ada", anonymous: false, grants: everything };

const isNote =
  (key: string) =>
  (entry: Entry): boolean =>
    entry.kind === "note" && entry.about === "arbitration" && entry.data?.[key] !== undefined;

/** What the notes of a turn say of those who were asked. */
export const askedIn = (
  entries: readonly Entry[],
): readonly { readonly model: string; readonly about?: string }[] => {
  const note = entries.find(isNote("asked"));
  const asked: unknown = note?.kind === "note" ? note.data?.["asked"] : undefined;
  return Array.isArray(asked) ? asked : [];
};

/** The decision that the notes of a turn tell. */
export const decisionIn = (entries: readonly Entry[]): Readonly<Record<string, unknown>> => {
  const note = entries.find(isNote("policy"));
  return (note?.kind === "note" ? note.data : undefined) ?? {};
};

/** A whole server with a team and whatever sequencers, and somebody who asks. */
export const teamServer = async (config: ColloquyConfig = {}) => {
  const dataDir = freshFolder();
  const model = createScriptedModel(["plain"]);
  const server = await ownServer(model, { config: { dataDir, promptsPerMinute: 10_000, ...config } });
  const { conversations } = server.running.colloquy;
  let asked = 0;

  const entriesOf = async (conversation: string, turn: number): Promise<readonly Entry[]> => {
    const { entries } = await conversations.history(me, conversation, { limit: 200 });
    return entries.filter((entry) => (entry.kind === "prompt" ? entry.n : entry.turn) === turn);
  };
  /** The entries of a turn, once some of them fits. */
  const untilEntry = async (
    conversation: string,
    turn: number,
    fits: (entry: Entry) => boolean,
  ): Promise<readonly Entry[]> => {
    for (;;) {
      const entries = await entriesOf(conversation, turn);
      if (entries.some(fits)) return entries;
      await sleep(10);
    }
  };
  const begin = async (text: string, options: { channel?: string; assistant?: string } = {}) => {
    const { channel = "room", assistant } = options;
    const conversation = channel.startsWith("seq:") ? channel : `channel:${channel}`;
    const promptId = `p${(asked += 1)}`;
    const { turn } = await conversations.prompt(me, conversation, {
      text,
      promptId,
      ...(assistant !== undefined && { assistant }),
    });
    return {
      /** Once a note of that kind is there. */
      noted: (key: string) => untilEntry(conversation, turn, isNote(key)),
      ended: () => untilEntry(conversation, turn, (entry) => entry.kind === "turn-end"),
    };
  };
  return {
    ...server,
    dataDir,
    begin,
    /** Asks, and waits for the end of the turn. */
    ask: async (...asking: Parameters<typeof begin>) => (await begin(...asking)).ended(),
  };
};

/** How a turn ended, and with what text. */
export const resultOf = (entries: readonly Entry[]): { readonly end: string; readonly text: string } => {
  const end = entries.find((entry) => entry.kind === "turn-end");
  return {
    end: end?.kind === "turn-end" ? (end.code ?? end.end) : "none",
    text: entries.map((entry) => (entry.kind === "answer" ? entry.text : "")).join(""),
  };
};
