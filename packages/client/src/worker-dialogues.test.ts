import { parseWorkerFrame, type WorkerFrame } from "@colloquy/protocol/workers";
import { expect, onTestFinished, test } from "vitest";
import { handSockets } from "../../../tests/stand-ins/hand-socket.ts";
import { until } from "../../../tests/stand-ins/until.ts";
import dialogues from "../../protocol/vectors/workers/dialogues.json" with { type: "json" };
import type { WorkerPrompt } from "./model-worker.ts";
import { worker } from "./worker.ts";

/** What `respond` is to do next. */
type Deed = { readonly say: string } | "end" | "throw";

/** Plays the worker's part: lets it do what makes it say the frame that is expected next, unless it says it by itself. */
const playWorker = () => {
  const { WebSocket, sockets } = handSockets();
  const prompts = new Map<
    string,
    { readonly prompt: WorkerPrompt; readonly deeds: Deed[]; wake: () => void }
  >();
  const one = worker({
    url: "ws://hand-made",
    name: "clock",
    about: "tells the time",
    concurrency: 2,
    WebSocket,
    reconnect: { baseMs: 1, maxMs: 1 },
    async *respond(prompt) {
      const deeds: Deed[] = [];
      const mine = { prompt, deeds, wake: () => {} };
      prompts.set(prompt.id, mine);
      for (;;) {
        const deed = deeds.shift();
        if (deed === "end") return;
        if (deed === "throw") throw new Error("broken on purpose");
        if (deed) yield deed.say;
        else await new Promise<void>((resolve) => (mine.wake = resolve));
      }
    },
  });
  onTestFinished(() => one.close());

  const urge = (frame: WorkerFrame): void => {
    if (!("id" in frame) || frame.type === "authenticate") return;
    const mine = prompts.get(frame.id ?? "");
    if (frame.type === "claim") mine?.prompt.claim();
    if (frame.type === "delta") mine?.deeds.push({ say: frame.text });
    if (frame.type === "final") mine?.deeds.push("end");
    if (frame.type === "decline") mine?.deeds.push(frame.failed ? "throw" : "end");
    mine?.wake();
  };
  return {
    one,
    take: (frame: object) => sockets.at(-1)?.say(frame),
    async cut() {
      const before = sockets.length;
      sockets.at(-1)?.end();
      await until(() => sockets.length > before);
    },
    async say(expected: object): Promise<unknown> {
      const parsed = parseWorkerFrame(JSON.stringify(expected));
      if (!parsed.ok) throw new Error(parsed.message);
      const said = (): string[] => sockets.at(-1)?.sent ?? [];
      if (said().length === 0) urge(parsed.frame);
      await until(() => said().length > 0);
      return JSON.parse(said().shift() ?? "");
    },
    left: () => sockets.flatMap(({ sent }) => sent),
  };
};

test.each(dialogues)("vector, the worker's part: $title", async ({ steps }) => {
  const played = playWorker();
  for (const step of steps) {
    if ("cut" in step) await played.cut();
    else if ("server" in step && !("lost" in step)) played.take(step.server);
    else if ("worker" in step) expect(await played.say(step.worker)).toEqual(step.worker);
  }
  expect([played.left(), played.one.registered]).toEqual([[], true]);
});
