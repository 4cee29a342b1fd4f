import type { Entry, Native, NewEntry } from "@colloquy/protocol";

/** Where a turn's text grows; readers see it by and by. */
export interface TextSink {
  readonly resetsMade: readonly number[];
  append(text: string, now: number): void;
  settle(): void;
  /** Nothing more is said. What an earlier attempt said is taken back where a completed one did not repeat it. */
  finish(completed: boolean): void;
  textFrom(offset: number): string;
}

export interface PartsOptions {
  readonly turn: number;
  readonly attempt: number;
  /** `provider:model`, whose own data its thoughts carry. */
  readonly model: string;
  /** The turn's entries so far. */
  readonly entries: readonly Entry[];
  readonly text: TextSink;
  /** Called when `text` grew; hot. */
  readonly grown: () => void;
  readonly write: (entries: readonly NewEntry[]) => Promise<void>;
  readonly now: () => number;
}

type Part =
  | { readonly kind: "text" }
  | { readonly kind: "reasoning"; readonly pieces: string[]; native: Native | undefined };

/** The one part of a turn that is being said, and what seals it: a change of kind, a call, or the end. */
export const createParts = (options: PartsOptions) => {
  const { turn, attempt, model, text, entries } = options;
  const before = entries.filter((entry) => entry.kind === "answer" || entry.kind === "reasoning");
  let open: Part | undefined;
  let over = false;
  let step = 1;
  let index = before.filter(({ part }) => part.startsWith(`${turn}.${attempt}.`)).length;
  /** How much of the turn's text is in the log, and how many of its resets. */
  let sealedUpTo = before.reduce(
    (end, entry) => (entry.kind === "answer" ? end + entry.text.length : end),
    0,
  );
  let sealedResets = before.reduce(
    (most, entry) => (entry.kind === "answer" ? Math.max(most, entry.resets?.length ?? 0) : most),
    0,
  );

  const seal = (): NewEntry[] => {
    const base = { turn, part: `${turn}.${attempt}.${index}`, at: options.now(), ...(step > 1 && { step }) };
    const part = open;
    open = undefined;
    if (part?.kind === "reasoning") {
      index += 1;
      const { pieces, native } = part;
      const thought = pieces.join("").toWellFormed();
      return [{ kind: "reasoning", ...base, text: thought, ...(native && { native }) }];
    }
    text.settle();
    const said = text.textFrom(sealedUpTo);
    const resets = text.resetsMade;
    if (said === "" && resets.length === sealedResets) return [];
    const offset = sealedUpTo;
    sealedUpTo += said.length;
    sealedResets = resets.length;
    index += 1;
    return [{ kind: "answer", ...base, offset, text: said, ...(resets.length > 0 && { resets }) }];
  };

  const add = (part: Part, piece: string, now: number): void => {
    if (part.kind === "reasoning") {
      part.pieces.push(piece);
    } else {
      text.append(piece, now);
      options.grown();
    }
  };

  const change = async (part: Part, piece: string, now: number): Promise<void> => {
    const sealed = open ? seal() : [];
    open = part;
    if (sealed.length > 0) await options.write(sealed);
    // While that was stored the turn may have been ended without what was about to be said.
    if (!over) add(part, piece, now);
  };

  return {
    /** What follows is said in this call to the model. */
    step(number: number): void {
      step = number;
    },
    /** Gives a promise only where something must be stored first: a piece of an open part costs none. */
    say(kind: Part["kind"], piece: string, now: number): Promise<void> | undefined {
      if (open?.kind === kind && !(open.kind === "reasoning" && open.native)) {
        add(open, piece, now);
        return undefined;
      }
      return change(kind === "text" ? { kind } : { kind, pieces: [], native: undefined }, piece, now);
    },
    /** The provider's own data about the thought that was said last: it ends that part. */
    async sign(data: Native["data"], now: number): Promise<void> {
      const native = { model, data };
      if (open?.kind !== "reasoning" || open.native) {
        await change({ kind: "reasoning", pieces: [], native }, "", now);
      } else open.native = native;
    },
    /** Ends the open part: what it comes to as entries. */
    seal,
    last(completed: boolean): NewEntry[] {
      over = true;
      const thought = open?.kind === "reasoning" ? seal() : [];
      text.finish(completed);
      return [...thought, ...seal()];
    },
  };
};

export type Parts = ReturnType<typeof createParts>;
