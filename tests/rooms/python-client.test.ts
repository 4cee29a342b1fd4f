import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { mintToken } from "../../packages/server/src/auth/mint-token.ts";
import { systemClock as clock } from "../../packages/server/src/kernel/clock.ts";
import { createScriptedModel, type Script } from "../../packages/server/src/models/scripted-model.ts";
import type { MemoryContent } from "../../packages/server/src/stores/memory-store.ts";
import { endPythonAfterEach, startPython, type PythonPeer } from "../sequencer/python.ts";
import { ownServer } from "../server/own-server.ts";
import { layCable } from "../stand-ins/cable.ts";
import { until } from "../stand-ins/until.ts";
import { getPythonSocketio } from "./python-socketio.ts";

endPythonAfterEach();
const client = getPythonSocketio();
const missing = "missing" in client ? client.missing : undefined;
const pythonPath = "folder" in client ? client.folder : "";

const secret = "a secret of these tests, 32 bytes";
const model = "demo:scripted";

const serve = (script: Script, content: MemoryContent) =>
  ownServer(createScriptedModel(script), { config: { jwtSecret: secret }, content });

/** A server at the end of a line that can be cut. */
const stage = async (script: Script) => {
  const content: MemoryContent = new Map();
  const first = await serve(script, content);
  const cable = await layCable(first.running.at.port);
  onTestFinished(() => cable.close());
  return { cable, content, first };
};

const line = z.object({
  inside: z.string().optional(),
  again: z.boolean().optional(),
  steps: z.array(z.string()).optional(),
  event: z.string().optional(),
  args: z.array(z.unknown()).optional(),
  refused: z.unknown().optional(),
});

/** What a client said of itself and what it heard. */
const reading = (peer: PythonPeer) => {
  const lines = () => peer.said.map((said) => line.parse(said));
  const heard = (name: string) => lines().flatMap(({ event, args }) => (event === name ? [args?.[0]] : []));
  const wait = (holds: () => boolean) =>
    until(() => {
      if (!holds() && peer.ended() !== undefined) throw new Error(`it ended: ${peer.ended()}`);
      return holds();
    });
  const entries = () => lines().filter(({ inside }) => inside !== undefined);
  return {
    lines,
    heard,
    async inside(times = 1) {
      await wait(() => entries().length >= times);
      const last = entries()[times - 1];
      return { room: last?.inside ?? "", again: last?.again, steps: last?.steps };
    },
    async hears(name: string, times = 1): Promise<unknown> {
      await wait(() => heard(name).length >= times);
      return heard(name)[times - 1];
    },
    wait,
  };
};

interface ClientOptions {
  readonly at: string;
  readonly token?: string;
  readonly user?: string;
  readonly path?: string;
  readonly transports?: readonly string[];
  readonly chat?: string;
}

const startClient = async ({ at, chat = "8f3c", path: socketPath = "socket.io", ...rest }: ClientOptions) => {
  const grants = { read: [], prompt: [], publish: [], stop: [] };
  const minted = await mintToken({ secret, user: rest.user ?? "ada", grants, expiresInSeconds: 600, clock });
  const options = {
    url: `http://${at}`,
    path: socketPath,
    transports: rest.transports ?? null,
    token: rest.token ?? minted,
    chat,
    model,
  };
  const program = path.resolve(import.meta.dirname, "python_client.py");
  const peer = startPython(program, [JSON.stringify(options)], { PYTHONPATH: pythonPath });
  return {
    peer,
    ...reading(peer),
    emit: (event: string, payload: unknown) => peer.say({ do: "emit", event, payload }),
  };
};

const message = (room: string, id: string, content: string) => ({
  room_id: room,
  message: {
    type: "sbaw.incoming.text_message.user",
    id,
    data: { item: { id, type: "message", role: "user", model_id: model, modality: "text", content } },
  },
});

const chunk = z.object({ content: z.string(), offset: z.number(), done: z.boolean() });
/** The text that chunks say, each laid where it belongs. */
const textOf = (chunks: readonly unknown[]): string =>
  chunks
    .map((value) => chunk.parse(value))
    .reduce((text, { content, offset }) => {
      expect(offset).toBeLessThanOrEqual(text.length);
      return text.slice(0, offset) + content;
    }, "");

const left = missing === undefined ? "" : ` (left out: ${missing})`;

describe.skipIf(missing !== undefined)(`python-socketio's client${left}`, () => {
  test.for([
    { socketPath: "socket.io", transports: undefined, by: "polling, then a WebSocket" },
    { socketPath: "assistant/socket.io", transports: ["websocket"], by: "a WebSocket" },
    { socketPath: "assistant/socket.io", transports: ["polling"], by: "polling" },
  ])("part 1 to the letter at /$socketPath by $by", async ({ socketPath, transports }) => {
    const { cable } = await stage(["Hel", "lo there"]);
    const ada = await startClient({
      at: cable.address,
      path: socketPath,
      ...(transports && { transports }),
    });
    const { room, steps } = await ada.inside();
    expect(room).toMatch(/^room_[\da-f-]{36}$/);
    expect(steps).toEqual(["room_not_found 8f3c", "room_created 8f3c", `room_joined ${room}`]);
    expect(ada.heard("room_not_found 8f3c")).toEqual([{ room_id: null, chat_id: "8f3c" }]);
    expect(ada.heard("room_created 8f3c")).toMatchObject([
      { room_id: room, chat_id: "8f3c", model_id: model },
    ]);

    const second = await startClient({ at: cable.address });
    expect((await second.inside()).steps).toEqual(["room_found 8f3c", `room_joined ${room}`]);
    ada.emit("send_message", message(room, "1754", "hi"));
    expect(await ada.hears("message_sent 1754")).toEqual({ success: true });
    const answer = { type: "sbaw.text_message.assistant", data: { content: "Hello there" } };
    expect(await ada.hears(`receive_message ${room}`)).toMatchObject({
      ...answer,
      data: {
        ...answer.data,
        model_id: model,
        role: "assistant",
        type: "message",
        modality: "text",
        stop_reason: "stop",
        created_timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      },
    });
    // Everybody but the sending socket sees what was said.
    await second.hears(`receive_message ${room}`, 2);
    expect(second.heard(`receive_message ${room}`)).toMatchObject([
      { type: "sbaw.text_message.user", data: { id: "1754", content: "hi", role: "user" } },
      answer,
    ]);
    expect(textOf(ada.heard(`stream_chunk ${room}`))).toBe("Hello there");
    const turn = ada.lines().flatMap(({ event = "" }) => (/^(stream|receive)/.test(event) ? [event] : []));
    expect([turn[0], ...turn.slice(-2)]).toEqual([
      `stream_start ${room}`,
      `stream_end ${room}`,
      `receive_message ${room}`,
    ]);
    ada.emit("leave_room", { room_id: room });
    expect(await ada.hears("room_left")).toMatchObject({ room_id: room });
  });

  test("P4 its line is cut in mid-answer: it comes back by itself to the old room, and has the whole answer", async () => {
    const gate = Promise.withResolvers<void>();
    const { cable } = await stage(["before ", { type: "until", opened: gate.promise }, "and after"]);
    const ada = await startClient({ at: cable.address });
    const { room } = await ada.inside();
    ada.emit("send_message", message(room, "1", "hi"));
    await ada.hears(`stream_chunk ${room}`);
    const before = ada.heard(`stream_chunk ${room}`).length;
    cable.cut();
    const back = await ada.inside(2);
    expect(back).toEqual({
      room,
      again: true,
      steps: ["room_found 8f3c", "room_created 8f3c", `room_joined ${room}`],
    });
    gate.resolve();
    expect(await ada.hears(`receive_message ${room}`)).toMatchObject({
      data: { content: "before and after", stop_reason: "stop" },
    });
    // The turn was running, so it was told from its beginning.
    expect(ada.heard(`stream_start ${room}`).length).toBe(2);
    expect(textOf(ada.heard(`stream_chunk ${room}`).slice(before))).toBe("before and after");
  });

  test("P2 the server is restarted: it comes back by itself to the old room and goes on talking there", async () => {
    const { cable, content, first } = await stage(["one"]);
    const ada = await startClient({ at: cable.address });
    const { room } = await ada.inside();
    ada.emit("send_message", message(room, "1", "hi"));
    await ada.hears(`receive_message ${room}`);
    cable.port = undefined;
    await first.running.stop();
    const second = await serve(["two"], content);
    cable.port = second.running.at.port;
    expect(await ada.inside(2)).toMatchObject({ room, again: true });
    ada.emit("send_message", message(room, "2", "hi again"));
    expect(await ada.hears("message_sent 2")).toEqual({ success: true });
    expect(await ada.hears(`receive_message ${room}`, 2)).toMatchObject({ data: { content: "two" } });
  });

  test("P9 stopping keeps what was said, and is answered", async () => {
    const { cable } = await stage(["so far", { type: "hang" }]);
    const ada = await startClient({ at: cable.address });
    const { room } = await ada.inside();
    ada.emit("send_message", message(room, "1", "hi"));
    await ada.hears(`stream_chunk ${room}`);
    ada.emit("event", { room_id: room, event: { type: "sbaw.assistant.stop_processing", id: "e1" } });
    expect(await ada.hears("event_received e1")).toEqual({ success: true });
    expect(await ada.hears(`receive_message ${room}`)).toMatchObject({
      data: { content: "so far", stop_reason: "cancelled" },
    });
  });

  test("P11 P12 a token that is none: refused with a code; a room of others: not found", async () => {
    const { cable } = await stage(["no"]);
    const nobody = await startClient({ at: cable.address, token: "none" });
    await nobody.wait(() => nobody.lines().some(({ refused }) => refused !== undefined));
    expect(nobody.lines().find(({ refused }) => refused !== undefined)?.refused).toMatchObject({
      data: { code: "token_invalid" },
    });
    const ada = await startClient({ at: cable.address });
    const { room } = await ada.inside();
    const eve = await startClient({ at: cable.address, user: "eve", chat: "eves" });
    await eve.inside();
    eve.emit("find_chat", { chat_id: "8f3c" });
    expect(await eve.hears("room_not_found 8f3c")).toEqual({ room_id: null, chat_id: "8f3c" });
    eve.emit("join_room", { room_id: room });
    expect(await eve.hears(`room_join_error ${room}`)).toMatchObject({ error: expect.any(String) });
    eve.emit("send_message", message(room, "9", "let me in"));
    expect(await eve.hears("message_error 9")).toMatchObject({ error: expect.any(String) });
    expect(ada.heard(`receive_message ${room}`)).toEqual([]);
  });
});
