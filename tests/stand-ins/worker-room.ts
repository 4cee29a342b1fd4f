import type { ServerFrame } from "../../packages/protocol/src/workers/index.ts";
import type { PanelEvent } from "../../packages/server/src/models/panel.ts";
import type { WorkerLink, WorkerRegistration } from "../../packages/server/src/models/worker-desk.ts";
import { createWorkerPanel, type WorkerPanelOptions } from "../../packages/server/src/models/worker-panel.ts";
import { asking } from "./ask.ts";
import { manualClock } from "./manual-clock.ts";

export const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** A panel, with workers that say what the test says, and everything that was heard. */
export const workerRoom = (options: Partial<WorkerPanelOptions> = {}) => {
  const clock = manualClock();
  let ids = 0;
  const panel = createWorkerPanel({
    clock,
    ids: { next: () => `p${(ids += 1)}`, random: () => "" },
    graceMs: 100,
    ...options,
  });
  const connect = (name: string, more: Partial<WorkerRegistration> = {}) => {
    const got: string[] = [];
    const frames: ServerFrame[] = [];
    const link: WorkerLink = {
      send(frame) {
        frames.push(frame);
        const places =
          frame.type === "registered" ? frame.in_hand.map((one) => `${one.id}@${one.offset}`) : [];
        const about = "id" in frame ? [frame.id] : places;
        got.push([frame.type, ...(frame.type === "error" ? [frame.code] : []), ...about].join(" "));
      },
      close: (code) => void got.push(`close ${code}`),
    };
    const seat = panel.register(link, { name, owner: "ada", concurrency: 1, inHand: [], ...more });
    return {
      got,
      frames,
      seat,
      claim: (id: string) => seat.hear({ type: "claim", id }),
      say: (id: string, offset: number, text: string) => seat.hear({ type: "delta", id, offset, text }),
      finish: (id: string, text?: string) =>
        seat.hear({ type: "final", id, ...(text !== undefined && { text }) }),
      decline: (id: string) => seat.hear({ type: "decline", id }),
    };
  };
  const ask = async (text = "Who?") => {
    const events: PanelEvent[] = [];
    const hear = (event: PanelEvent): void => void events.push(event);
    const handle = panel.ask(asking(text), hear);
    if (events.length > 0) throw new Error("something was heard before ask had returned");
    await nextTurn();
    const heard = (): string[] =>
      events.map((event) => ("model" in event ? `${event.type} ${event.model}` : event.type));
    return { ...handle, events, heard };
  };
  return { clock, panel, connect, ask };
};
