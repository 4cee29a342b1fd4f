import type { Entry, PromptEntry } from "@colloquy/protocol";
import type { JournalledText } from "../stores/live-journal.ts";
import type { Assistant } from "../turn/assistant.ts";
import { callStates, cancelledResults, isAwaited } from "../turn/call-states.ts";
import { recoveryOf } from "../turn/recovery.ts";
import type { Audience } from "./audience.ts";
import type { Lane } from "./lane.ts";
import { LiveText } from "./live-text.ts";
import { sealedText, unsealedText } from "./sealed-text.ts";
import type { Surroundings } from "./surroundings.ts";
import type { TurnHost } from "./turn-host.ts";

export interface RecoveryScene extends Surroundings {
  readonly conversation: string;
  readonly lane: Lane;
  readonly audience: Audience;
  readonly host: TurnHost;
}

/** Takes up one turn that was open when the last process ended (P3): queues it, runs it again, or ends it. */
export const recoverTurn = async (
  turn: number,
  journalled: JournalledText | undefined,
  scene: RecoveryScene,
): Promise<void> => {
  const { conversation, store, logger, lane, audience, host, clock } = scene;
  const entries = await store.readTurn(conversation, turn);
  const prompt = entries.find((entry) => entry.kind === "prompt");
  if (!prompt) {
    logger.error({ conversation, turn }, "an open turn has no prompt; it is left alone");
    return;
  }
  const awaited = callStates(entries).filter(isAwaited);
  audience.knowTurn(
    prompt,
    awaited.map(({ call }) => call),
  );
  const known = askedOf(prompt, scene);
  const text = new LiveText(conversation, turn);
  const sealed = sealedText(entries);
  // The journal has all that readers have, but for what the log told them first; it may even have been lost.
  if (journalled && goesOn(journalled, sealed)) text.restore(journalled.text, journalled.resets);
  else text.restore(sealed.said, sealed.resets, 0);
  audience.begin(prompt, text);

  const recovery = recoveryOf(entries, scene.recovery);
  logger.info({ conversation, turn, recovery: recovery.kind }, "taking up a turn that a stop left open");
  const end = async (code: "interrupted" | "unknown_assistant"): Promise<void> => {
    await host.appendSurely([
      ...cancelledResults(entries, clock.now()),
      ...unsealedText(text, entries, clock.now()),
      { kind: "turn-end", turn, at: clock.now(), end: "failed", code },
    ]);
    scene.meter.failed += 1;
    host.over(turn);
  };
  if (recovery.kind === "interrupt") return end("interrupted");
  if (!known) return end("unknown_assistant");
  switch (recovery.kind) {
    case "queue":
      lane.adopt(prompt, known);
      return undefined;
    case "wait":
      // What readers had of a part that was not sealed is compared with what the turn says when it runs on.
      text.runAgain(sealed.said.length);
      host.restore(turn, text);
      audience.rest(turn);
      lane.adoptWaiting(prompt, known, recovery.attempt, entries);
      return undefined;
    case "rerun":
      await host.appendSurely([
        { kind: "note", about: "attempt", attempt: recovery.attempt, turn, at: clock.now() },
      ]);
      text.runAgain();
      host.restore(turn, text);
      lane.resume(prompt, known, recovery.attempt);
      return undefined;
  }
};

/** Whether what the journal has begins with all that the log has: a reset may have come into the log before it. */
const goesOn = ({ text, resets }: JournalledText, sealed: ReturnType<typeof sealedText>): boolean =>
  resets.length >= sealed.resets.length && text.startsWith(sealed.said);

/** Who was asked, if they are still there. Kinds of rooms are anybody's: one that throws stops no server from starting. */
const askedOf = (
  { assistant: id }: PromptEntry,
  { conversation, assistants, logger }: Pick<RecoveryScene, "conversation" | "assistants" | "logger">,
): Assistant | undefined => {
  try {
    const found = assistants.find(conversation, id);
    return typeof found === "object" ? found : undefined;
  } catch (thrown) {
    logger.error({ err: thrown, conversation, assistant: id }, "it cannot be told who was asked");
    return undefined;
  }
};

/** Gives prompts that are newly found in the log their turns. */
export const adoptPrompts = (
  entries: readonly Entry[],
  lane: Lane,
  scene: Pick<RecoveryScene, "conversation" | "assistants" | "logger">,
): void => {
  for (const entry of entries) {
    const asked = entry.kind === "prompt" ? askedOf(entry, scene) : undefined;
    if (entry.kind === "prompt" && asked) lane.adopt(entry, asked);
  }
  lane.proceed();
};
