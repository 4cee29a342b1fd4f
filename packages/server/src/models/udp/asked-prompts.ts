import type { Clock } from "../../kernel/clock.ts";
import type { ModelRequest } from "../model.ts";
import type { PanelEvent } from "../panel.ts";

/** A prompt that is, was or will be before the peers. */
export interface AskedPrompt {
  /** Names it on the wire. */
  readonly id: string;
  /** Gone when it is decided: it holds the history, and late replies need only the rest. */
  request: ModelRequest | undefined;
  readonly hear: (event: PanelEvent) => void;
  /** What each model has said about it; undefined: it declined. */
  readonly said: Map<string, string | undefined>;
  /** It has left; before that, standing a model down needs no word to it. */
  sent: boolean;
  /** Ports that it was sent to, whose models may still be working on it. */
  readonly at: Set<number>;
  /** Names that no port of ours has. */
  strangers: number;
  /** When the first reply came, monotonic. */
  repliedAt: number | undefined;
  over: boolean;
  overAt: number;
  /** Rough size of what is remembered of it once it is over. */
  units: number;
}

export const newPrompt = (
  id: string,
  request: ModelRequest,
  hear: (event: PanelEvent) => void,
): AskedPrompt => ({
  id,
  request,
  hear,
  said: new Map(),
  at: new Set(),
  sent: false,
  strangers: 0,
  repliedAt: undefined,
  over: false,
  overAt: 0,
  units: 0,
});

/** How long late replies are told apart by the id of what they answer, milliseconds; and of how many prompts, of what size. */
const lateMs = 30_000;
const maxLate = 4_096;
const maxLateUnits = 8 * 1024 * 1024;

/** Rough size of a prompt that is remembered, beside its texts. */
const overhead = 512;

/** Prompts by the id under which they went out, and for a while after they were decided. */
export const createAskedPrompts = (clock: Clock) => {
  const open = new Map<string, AskedPrompt>();
  const late = new Map<string, AskedPrompt>();
  /** The same, from `first` on, in the order in which they were decided. */
  let order: AskedPrompt[] = [];
  let first = 0;
  let lateUnits = 0;

  const sizeOf = ({ said }: AskedPrompt): number => {
    let units = overhead;
    for (const text of said.values()) units += text?.length ?? 0;
    return units;
  };

  const forget = (now: number): void => {
    for (let oldest = order[first]; oldest; oldest = order[first]) {
      const tooOld = now - oldest.overAt > lateMs;
      if (!tooOld && late.size <= maxLate && lateUnits <= maxLateUnits) break;
      late.delete(oldest.id);
      lateUnits -= oldest.units;
      first += 1;
    }
    if (first < maxLate) return;
    order = order.slice(first);
    first = 0;
  };

  return {
    add: (prompt: AskedPrompt): void => void open.set(prompt.id, prompt),
    find: (id: string): AskedPrompt | undefined => open.get(id) ?? late.get(id),
    /** Adds what a model said; what it said of a decided prompt is kept as long as that is. */
    said(prompt: AskedPrompt, name: string, text: string | undefined): void {
      prompt.said.set(name, text);
      if (!late.has(prompt.id)) return;
      const units = text?.length ?? 0;
      prompt.units += units;
      lateUnits += units;
    },
    over(prompt: AskedPrompt): void {
      prompt.over = true;
      prompt.overAt = clock.monotonic();
      prompt.request = undefined;
      if (!open.delete(prompt.id)) return;
      prompt.units = sizeOf(prompt);
      late.set(prompt.id, prompt);
      order.push(prompt);
      lateUnits += prompt.units;
      forget(prompt.overAt);
    },
    open: (): readonly AskedPrompt[] => [...open.values()],
  };
};
