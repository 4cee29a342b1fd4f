import {
  parseServerFrame,
  parseWorkerFrame,
  type PromptFrame,
  type ServerFrame,
} from "@colloquy/protocol/workers";
import { expect, test } from "vitest";
import { asking } from "../../../../tests/stand-ins/ask.ts";
import { manualClock } from "../../../../tests/stand-ins/manual-clock.ts";
import { nextTurn } from "../../../../tests/stand-ins/worker-room.ts";
import dialogues from "../../../protocol/vectors/workers/dialogues.json" with { type: "json" };
import type { Asking } from "./panel.ts";
import type { WorkerLink, WorkerSeat } from "./worker-desk.ts";
import { createWorkerPanel } from "./worker-panel.ts";

/** Plays the server's part: does what makes it say the frame that is expected next, unless it has said it by itself. */
const playServer = () => {
  let nextId = "";
  const panel = createWorkerPanel({
    clock: manualClock(),
    ids: { next: () => nextId, random: () => "" },
  });
  const said: ServerFrame[] = [];
  const askings = new Map<string, Asking>();
  let seat: WorkerSeat | undefined;

  const ask = (frame: PromptFrame): void => {
    nextId = frame.id;
    const messages = [...frame.history, { role: "user" as const, text: frame.text }];
    const { conversation, author } = frame;
    askings.set(
      frame.id,
      panel.ask(asking(frame.text, { messages, conversation, author }), () => {}),
    );
  };
  return {
    take(source: string) {
      const parsed = parseWorkerFrame(source);
      if (!parsed.ok) throw new Error(parsed.message);
      const { frame } = parsed;
      if (frame.type === "register") {
        const link: WorkerLink = { send: (one) => void said.push(one), close: () => {} };
        const { name, concurrency = 1, in_hand: inHand = [] } = frame;
        seat = panel.register(link, { name, concurrency, inHand, owner: "ada" });
      } else if (frame.type !== "authenticate" && frame.type !== "ping") {
        seat?.hear(frame);
      }
    },
    cut() {
      seat?.gone(false);
      seat = undefined;
    },
    async say(expected: object) {
      const frame = parseServerFrame(JSON.stringify(expected));
      if (!frame) throw new Error("that is no frame of a server");
      if (said.length === 0 && frame.type === "prompt") ask(frame);
      if (said.length === 0 && frame.type === "stop") askings.get(frame.id)?.over();
      if (said.length === 0 && frame.type === "stand_down") askings.get(frame.id)?.standDown("clock");
      await nextTurn();
      return said.shift();
    },
    left: said,
  };
};

test.each(dialogues)("vector, the server's part: $title", async ({ steps }) => {
  const server = playServer();
  for (const step of steps) {
    if ("cut" in step) server.cut();
    else if ("worker" in step && !("lost" in step)) server.take(JSON.stringify(step.worker));
    else if ("server" in step) expect(await server.say(step.server)).toEqual(step.server);
  }
  expect(server.left).toEqual([]);
});
