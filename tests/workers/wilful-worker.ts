import type { ServerFrame } from "../../packages/protocol/src/workers/index.ts";
import type { WorkerDesk, WorkerSeat } from "../../packages/server/src/models/worker-desk.ts";

/** What a wilful worker may do, with the newest prompt that it has in hand or with its line. */
export type Deed =
  | { readonly do: "come"; readonly forgetful: boolean; readonly concurrency: number }
  | { readonly do: "cut" | "leave" | "claim" | "decline" | "fail" | "lie" }
  /** `from`: so many code units before the place that it has reached, or beyond it. */
  | { readonly do: "say"; readonly length: number; readonly from: number }
  | { readonly do: "final"; readonly text: "none" | "all" | "wrong" };

interface Work {
  readonly text: string;
  said: number;
}

/**
 * A worker that does what it is told in any order, sensible or not, without a socket. All that it ever says of a prompt
 * begins with its name, so that one can tell whose words an answer is made of.
 */
export const wilfulWorker = (desk: WorkerDesk, name: string) => {
  const work = new Map<string, Work>();
  /** Everything that an answer of its own may be the beginning of. */
  const sayings = new Set([`${name} is wrong`]);
  let seat: WorkerSeat | undefined;
  let lives = 0;

  const begin = (id: string): Work => {
    const made = { text: `${name}${lives}: ${"a long answer, ".repeat(4)}`, said: 0 };
    sayings.add(made.text);
    work.set(id, made);
    return made;
  };

  const hear = (frame: ServerFrame): void => {
    if (frame.type === "prompt") begin(frame.id);
    if (frame.type === "stop" || frame.type === "stand_down" || frame.type === "done") work.delete(frame.id);
    if (frame.type !== "registered") return;
    const kept = new Map(frame.in_hand.map(({ id, offset }) => [id, offset]));
    for (const [id, one] of work) {
      one.said = kept.get(id) ?? 0;
      if (!kept.has(id)) work.delete(id);
    }
  };

  const come = (forgetful: boolean, concurrency: number): void => {
    if (seat) return;
    lives += 1;
    if (forgetful) work.clear();
    const mine: { seat?: WorkerSeat } = {};
    const link = { send: hear, close: () => mine.seat?.gone(false) };
    mine.seat = desk.register(link, { name, owner: "", concurrency, inHand: [...work.keys()] });
    ({ seat } = mine);
  };

  const go = (left: boolean): void => {
    seat?.gone(left);
    seat = undefined;
    if (left) work.clear();
  };

  /** @param text what it says, beginning at `offset` */
  const say = (id: string, offset: number, text: string): void =>
    seat?.hear({ type: "delta", id, offset, text });

  return {
    name,
    sayings,
    act(deed: Deed): void {
      if (deed.do === "come") come(deed.forgetful, deed.concurrency);
      if (deed.do === "cut" || deed.do === "leave") go(deed.do === "leave");
      const [id = "none", one = { text: "", said: 0 }] = [...work].at(-1) ?? [];
      if (deed.do === "claim") seat?.hear({ type: "claim", id });
      if (deed.do === "lie") {
        const lie = `${name} lies`;
        // With nothing said before it is none, and what follows is put to it.
        sayings.add(lie + one.text.slice(lie.length));
        say(id, 0, lie);
      }
      if (deed.do === "say") {
        const offset = Math.max(0, one.said - deed.from);
        const text = one.text.slice(offset, offset + deed.length);
        say(id, offset, text);
        if (offset <= one.said) one.said = Math.max(one.said, offset + text.length);
      }
      if (deed.do === "final") {
        const text = { none: {}, all: { text: one.text }, wrong: { text: `${name} is wrong` } }[deed.text];
        seat?.hear({ type: "final", id, ...text });
      }
      if (deed.do === "decline" || deed.do === "fail") {
        seat?.hear({ type: "decline", id, ...(deed.do === "fail" && { failed: true as const }) });
        work.delete(id);
      }
    },
  };
};
