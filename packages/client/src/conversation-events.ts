import type { ConversationEvent, ConversationView, TurnView } from "./conversation.ts";
import { hasEnded } from "./turn-list.ts";

const commonPrefix = (a: string, b: string): number => {
  const end = Math.min(a.length, b.length);
  let i = 0;
  while (i < end && a.charCodeAt(i) === b.charCodeAt(i)) i += 1;
  return i;
};

const textChange = (before: string, turn: TurnView): ConversationEvent | undefined => {
  if (before === turn.text) return undefined;
  // Much faster than `startsWith` on long texts: a slice copies nothing, and equality compares words.
  const grew = turn.text.slice(0, before.length) === before;
  const offset = grew ? before.length : commonPrefix(before, turn.text);
  return { type: "text", messageId: turn.messageId, offset, text: turn.text.slice(offset) };
};

/** Whether anything but the text differs. */
const factsDiffer = (a: TurnView, b: TurnView): boolean => {
  const now = new Map<string, unknown>(Object.entries(b));
  for (const [key, value] of Object.entries(a)) {
    if (key !== "text" && now.get(key) !== value) return true;
    now.delete(key);
  }
  return now.size > 0;
};

const turnChanges = (before: TurnView | undefined, turn: TurnView): ConversationEvent[] => {
  const text = textChange(before?.text ?? "", turn);
  const facts: ConversationEvent | undefined =
    before === undefined || factsDiffer(before, turn) ? { type: "turn", turn } : undefined;
  // A turn begins before its text and ends after it.
  const order = before !== undefined && hasEnded(turn.state) ? [text, facts] : [facts, text];
  return order.filter((event) => event !== undefined);
};

/** What leads from one view to a later one; turns that are the same object cost nothing more than a look. */
export const viewChanges = (before: ConversationView, after: ConversationView): ConversationEvent[] => {
  const changes: ConversationEvent[] = [];
  if (before.phase !== after.phase) changes.push({ type: "phase", phase: after.phase });
  if (before.turns === after.turns) return changes;
  const known = new Map<string, TurnView>();
  // Mostly only the last turn differs.
  let same = 0;
  while (same < after.turns.length && before.turns[same] === after.turns[same]) same += 1;
  for (const turn of before.turns.slice(same)) known.set(turn.messageId, turn);
  for (const turn of after.turns.slice(same)) {
    const old = known.get(turn.messageId);
    known.delete(turn.messageId);
    if (old !== turn) changes.push(...turnChanges(old, turn));
  }
  for (const messageId of known.keys()) changes.push({ type: "gone", messageId });
  return changes;
};

/** What an iteration reads from. */
export interface EventSource {
  view(): ConversationView;
  subscribe(listener: () => void): () => void;
  onRelay(listener: (payload: unknown) => void): () => void;
  closed(): boolean;
}

/** Relayed values that wait for a slow consumer, at most. */
const maxRelays = 256;

/**
 * Every change in order. Nothing is queued for the consumer but relayed values: it holds the view that it has been told,
 * and is told what leads from there to the present one when it asks.
 */
export async function* conversationEvents(
  source: EventSource,
  signal?: AbortSignal,
): AsyncGenerator<ConversationEvent> {
  let told: ConversationView = { phase: "loading", turns: [], more: false };
  const relays: unknown[] = [];
  let lost = 0;
  let wake: (() => void) | undefined;
  const ring = (): void => wake?.();
  const stopView = source.subscribe(ring);
  const stopRelay = source.onRelay((payload) => {
    relays.push(payload);
    if (relays.length > maxRelays) {
      relays.shift();
      lost += 1;
    }
    ring();
  });
  signal?.addEventListener("abort", ring);
  const stopped = (): boolean => signal?.aborted === true;
  try {
    while (!stopped()) {
      const now = source.view();
      const changes = now === told ? [] : viewChanges(told, now);
      told = now;
      for (const change of changes) {
        if (stopped()) return;
        yield change;
      }
      const payload = relays.shift();
      if (payload !== undefined) {
        yield { type: "relay", payload, lost };
        lost = 0;
      } else if (source.view() === told) {
        if (source.closed()) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    stopView();
    stopRelay();
    signal?.removeEventListener("abort", ring);
  }
}
