import * as fc from "fast-check";
import { expect, test } from "vitest";
import { wireLimits } from "../../packages/protocol/src/index.ts";
import type { PuppetCall } from "../heart/puppet-model.ts";
import { until } from "../stand-ins/until.ts";
import { arrange, createRoom, join, message } from "./rooms-scene.ts";
import type { Guest, Heard, KnockOptions } from "./rooms-stage.ts";

/** Frames, pings and the handshake: what is not counted as unconfirmed. */
const slack = 4 * 1024;
const half = "x".repeat(500);

const isAnswer = ({ type }: Heard["payload"]): boolean => type === "sbaw.text_message.assistant";

/** The text that a client has which does what each chunk says, and whether every chunk began where it had to. */
const textOf = (heard: readonly Heard[], roomId: string): { text: string; gapless: boolean } => {
  let text = "";
  let gapless = true;
  for (const { name, payload } of heard) {
    if (name !== `stream_chunk ${roomId}`) continue;
    gapless &&= payload["offset"] === text.length;
    text += String(payload["content"]);
  }
  return { text, gapless };
};

const speak = async (said: PuppetCall, fast: Guest, roomId: string, pieces: number): Promise<string> => {
  let text = "";
  for (let i = 0; i < pieces; i += 1) {
    const piece = `${i} é"\n ${half}`;
    text += piece;
    said.say(piece);
    await fast.next(`stream_chunk ${roomId}`);
  }
  return text;
};

test("P5 no more than 16 KiB go out to a websocket that reads nothing; when it reads again it has the whole text", async () => {
  const { model, stage } = await arrange();
  const fast = await stage.enter({ token: "ada" });
  const roomId = await createRoom(fast);
  await join(fast, roomId);
  const n = stage.sockets.length;
  const slow = await stage.enter({ token: "ada" });
  await join(slow, roomId);
  const line = stage.sockets[n];
  const { ws }: { ws: { _socket: { pause(): void; resume(): void } } } = Object(
    slow.socket.io.engine.transport,
  );
  ws._socket.pause();
  const before = line?.bytesWritten ?? 0;
  await fast.ask("send_message", { room_id: roomId, message: message("Hi") });
  const said = await model.asked();
  const text = await speak(said, fast, roomId, 300);
  expect((line?.bytesWritten ?? Infinity) - before).toBeLessThan(wireLimits.unconfirmedBytes + slack);
  ws._socket.resume();
  said.finish();
  expect(await slow.next(`receive_message ${roomId}`, isAnswer)).toMatchObject({ data: { content: text } });
  expect(textOf(slow.heard, roomId)).toEqual({ text, gapless: true });
});

/** A client of the polling transport that polls when it is told to. */
const poller = async (url: string, token: string) => {
  const base = `${url}/socket.io/?EIO=4&transport=polling`;
  const opened = await (await fetch(base)).text();
  const { sid }: { sid: string } = JSON.parse(opened.slice(1));
  const at = `${base}&sid=${sid}`;
  const post = async (body: string): Promise<void> => void (await fetch(at, { method: "POST", body }));
  const poll = async (): Promise<string[]> => (await (await fetch(at)).text()).split("\x1e");
  await post(`40/assistant/realtime,${JSON.stringify({ token })}`);
  await poll();
  return {
    poll,
    say: (...event: readonly unknown[]) => post(`42/assistant/realtime,${JSON.stringify(event)}`),
  };
};

const heardIn = (packets: readonly string[]): Heard[] =>
  packets.flatMap((packet) => {
    const prefix = "42/assistant/realtime,";
    if (!packet.startsWith(prefix)) return [];
    const [name, payload]: [string, Heard["payload"]] = JSON.parse(packet.slice(prefix.length));
    return [{ name, payload }];
  });

test("P5 a polling client that polls late gets all that it missed in few packets, and others wait for nothing", async () => {
  const { model, stage } = await arrange();
  const fast = await stage.enter({ token: "ada" });
  const roomId = await createRoom(fast);
  await join(fast, roomId);
  const slow = await poller(stage.url, "ada");
  await slow.say("join_room", { room_id: roomId });
  expect(heardIn(await slow.poll())).toMatchObject([{ name: `room_joined ${roomId}` }]);
  await fast.ask("send_message", { room_id: roomId, message: message("Hi") });
  const said = await model.asked();
  const text = await speak(said, fast, roomId, 400);
  const packets = stage.meter.frames;
  const first = await slow.poll();
  // The message and the start came first, then the whole text at once: nothing was kept for this client while it was away.
  const second = await slow.poll();
  expect(stage.meter.frames - packets).toBeLessThan(6);
  expect(textOf(heardIn([...first, ...second]), roomId)).toEqual({ text, gapless: true });
  said.finish();
  const heard = heardIn([...first, ...second]);
  while (!heard.some(({ payload }) => isAnswer(payload))) heard.push(...heardIn(await slow.poll()));
  expect(heard.at(-1)?.payload).toMatchObject({ data: { content: text } });
});

test("P5 presence that a client has not read yet does not pile up", async () => {
  const { stage } = await arrange();
  const ada = await stage.enter({ token: "ada" });
  const roomId = await createRoom(ada);
  const slow = await poller(stage.url, "ada");
  await slow.say("join_room", { room_id: roomId });
  await slow.poll();
  await ada.ask("invite", { room_id: roomId, user_id: "bob", role: "reader" });
  const bob = await stage.enter({ token: "bob" });
  for (let i = 0; i < 100; i += 1) {
    await bob.ask("join_room", { room_id: roomId });
    await bob.ask("leave_room", { room_id: roomId });
  }
  await bob.ask("join_room", { room_id: roomId });
  expect(heardIn(await slow.poll())).toEqual([
    { name: "user_joined", payload: { room_id: roomId, user_id: "bob" } },
  ]);
});

test.each([["websocket"], ["polling"]])(
  "P5 a client that asks on without reading is closed (%s)",
  async (transport) => {
    const { stage } = await arrange({ settings: { maxUnreadBytes: 64 * 1024 } });
    const ada = await stage.enter({ token: "ada" });
    expect(await ada.ask("find_chat", { chat_id: "c" })).toMatchObject({ ok: true });
    const before = stage.meter.connections;
    if (transport === "polling") {
      const deaf = await poller(stage.url, "ada");
      for (let i = 0; i < 2_000 && stage.meter.connections > before; i += 1)
        await deaf.say("find_chat", { chat_id: `${i}${half.slice(0, 200)}` });
    } else {
      const deaf = await stage.enter({ token: "ada" });
      const { ws }: { ws: { _socket: { pause(): void } } } = Object(deaf.socket.io.engine.transport);
      ws._socket.pause();
      for (let i = 0; i < 400; i += 1) {
        deaf.socket.emit("find_chat", { chat_id: `${i}${half.slice(0, 200)}` });
        await ada.ask("find_chat", { chat_id: "c" });
      }
    }
    await until(() => stage.meter.connections === before);
    expect(await ada.ask("find_chat", { chat_id: "c" })).toMatchObject({ ok: true });
  },
);

const ways: readonly KnockOptions[] = [{ transports: ["websocket"] }, { transports: ["polling"] }];

test("P4 whatever is cut when, a client that comes back with its cursor has a prefix at every moment, and the whole in the end", async () => {
  const { model, stage } = await arrange();
  const ada = await stage.enter({ token: "ada" });
  const roomId = await createRoom(ada);
  await join(ada, roomId);
  let turn = 0;
  const step = fc.oneof(
    fc.string({ unit: "binary", minLength: 1, maxLength: 40 }).map((text) => ({ say: text })),
    fc.constantFrom(...ways).map((way) => ({ cut: way })),
    fc.constant({ pause: true }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
      let guest = await stage.enter({ token: "ada" });
      await guest.ask("join_room", { room_id: roomId, history: 0 });
      await ada.ask("send_message", { room_id: roomId, message: message("Hi", `p${turn}`) });
      const said = await model.asked(turn);
      turn += 1;
      let text = "";
      let cursor: unknown;
      const heard: Heard[] = [];
      const take = (): void => {
        heard.push(...guest.heard);
        cursor =
          guest.heard.findLast(({ payload }) => payload["cursor"] !== undefined)?.payload["cursor"] ?? cursor;
      };
      for (const one of steps) {
        if ("say" in one) {
          text += one.say;
          said.say(one.say);
        } else if ("cut" in one) {
          guest.hangUp();
          take();
          expect(text.toWellFormed().startsWith(textOf(heard, roomId).text)).toBe(true);
          guest = await stage.enter({ ...one.cut, token: "ada" });
          await guest.ask("join_room", {
            room_id: roomId,
            ...(cursor === undefined ? { history: 0 } : { cursor }),
          });
        } else {
          await ada.ask("find_chat", { chat_id: "c1" });
        }
      }
      said.finish();
      const end = await guest.next(`receive_message ${roomId}`, isAnswer);
      take();
      guest.hangUp();
      expect(textOf(heard, roomId)).toEqual({ text: text.toWellFormed(), gapless: true });
      expect(end).toMatchObject({ data: { content: text.toWellFormed() } });
    }),
    { numRuns: 25 },
  );
});
