import { expect, test } from "vitest";
import { createFrameLog, frameLogBounds } from "./frame-log.ts";
import { frameHead, frameLine, prettyFrame } from "./frame-words.ts";

const frame = (text: string) => ({ direction: "in", text: () => text }) as const;

test("P5 only the newest frames are kept, by their number and by their size", () => {
  const log = createFrameLog(() => 5);
  for (let i = 0; i < 400; i += 1) log.take("rooms", frame(`${i}`));
  expect(log.state().frames).toHaveLength(frameLogBounds.frames);
  expect(log.state().frames.at(-1)).toMatchObject({ text: "399", at: 5, wire: "rooms", direction: "in" });
  for (let i = 0; i < 40; i += 1) log.take("channels", frame("x".repeat(50_000)));
  const { frames } = log.state();
  expect(frames.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(frameLogBounds.letters);
  expect(frames.every(({ text }) => text.length <= frameLogBounds.lettersOfOne + 1)).toBe(true);
  log.record(false);
  const before = log.state();
  log.take("rooms", frame("paused"));
  expect(log.state()).toBe(before);
  log.clear();
  expect(log.state().frames).toEqual([]);
});

test("what came before anybody looked is there; the same state as long as nothing comes", () => {
  const log = createFrameLog();
  log.take("rooms", frame("before"));
  const first = log.state();
  expect(first.frames.map(({ text }) => text)).toEqual(["before"]);
  expect(log.state()).toBe(first);
  let told = 0;
  const leave = log.subscribe(() => (told += 1));
  log.take("rooms", frame("after"));
  leave();
  log.take("rooms", frame("later"));
  expect([told, first.frames.length, log.state().frames.length]).toEqual([1, 1, 3]);
});

test("a frame that comes while it is paused is not made into text", () => {
  const log = createFrameLog();
  log.record(false);
  let made = 0;
  log.take("rooms", { direction: "out", text: () => `${(made += 1)}` });
  expect(made).toBe(0);
});

test("frames in words", () => {
  const channels = '{"channel":"c","payload":{"status":"in_progress","message_id":"m"}}';
  expect(frameHead(channels)).toBe("in_progress");
  expect(frameHead('{"channel":"c","payload":{"type":"entry","entry":{"kind":"prompt"}}}')).toBe(
    "entry prompt",
  );
  expect(frameHead('{"channel":"subscription","payload":{"action":"subscribe"}}')).toBe("subscribe");
  expect(frameHead('["stream_chunk room_1",{"content":"x"}]')).toBe("stream_chunk");
  expect(frameHead('["receive_message room_1",{"type":"sbaw.error"}]')).toBe("receive_message sbaw.error");
  expect(frameHead('["ack of join_room",{"ok":true}]')).toBe("ack of join_room");
  expect(frameHead("{")).toBe("");
  expect(frameHead('["ack of file",{"ok":true,"content":"aG…')).toBe("ack of file");
  expect(prettyFrame('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(prettyFrame('{"a":…')).toBe('{"a":…');
  const logged = { key: 1, at: 0, wire: "rooms", direction: "out", text: "[1]", size: 3 } as const;
  expect(frameLine(logged)).toBe("1970-01-01T00:00:00.000Z rooms > [1]");
});
