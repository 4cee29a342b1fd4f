import { PassThrough } from "node:stream";
import { afterEach, expect, test } from "vitest";
import type { HubChannel } from "../../../../tests/stand-ins/hub-channel.ts";
import { type Hub, startHub } from "../../../../tests/stand-ins/hub.ts";
import { until } from "../../../../tests/stand-ins/until.ts";
import { waitForDecision } from "./chat-calls.ts";
import { chat } from "./chat.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

const wait = (channel: HubChannel, id: string, ...names: readonly string[]): void =>
  channel.log(id, (its) =>
    names.flatMap((name) => [
      { kind: "tool-call", ...its, callId: `call-${name}`, name, arguments: '{"of": "mugs\u001B"}' },
      { kind: "approval", ...its, callId: `call-${name}`, state: "requested", until: its.at + 600_000 },
    ]),
  );

const startChat = async (person: boolean) => {
  const hub: Hub = await startHub();
  open.push(hub);
  const channel = hub.channel("c");
  channel.prompt({ id: "m1", text: "How many?", author: "ann" });
  channel.grow("m1", "Let me ask **stock**.");
  const input = Object.assign(new PassThrough(), person && { isTTY: true });
  const output = Object.assign(new PassThrough(), person && { isTTY: true, columns: 200 });
  let raw = "";
  output.on("data", (chunk: Buffer) => (raw += chunk.toString("utf8")));
  const talking = chat({ url: hub.url, channel: "c", input, output });
  talking.catch(() => undefined);
  open.push({
    async close() {
      input.end("/quit\r");
      await talking.catch(() => undefined);
    },
  });
  const shows = (words: string) => until(() => raw.includes(words));
  const asked = (action: string) =>
    hub.frames
      .map((frame) => frame["payload"])
      .filter((frame) => JSON.stringify(frame).includes(`"${action}"`));
  await shows("**stock**.");
  return { hub, channel, input, talking, shows, asked, text: () => raw };
};

test("P12 the terminal's chat could not approve: it shows what waits, and takes a word about each", async () => {
  const { channel, input, shows, asked, text } = await startChat(true);
  input.write("/approve\r");
  await shows("no call waits for approval");
  wait(channel, "m1", "stock", "order");
  await shows("order {");
  expect(text()).toContain('stock {"of": "mugs\uFFFD"} waits for approval: /approve, or /deny and why');
  input.write("/approve\r");
  await until(() => asked("approve").length === 1);
  expect(asked("approve")).toMatchObject([{ tool_call_id: "call-stock" }]);
  channel.log("m1", (its) => [
    { kind: "approval", ...its, callId: "call-stock", state: "granted", by: "me" },
  ]);
  // Once it is decided, the next is meant.
  await until(() => {
    input.write("/deny\r");
    return JSON.stringify(asked("deny")).includes("call-order");
  });
});

test("P12 /deny says why", async () => {
  const { channel, input, shows, asked } = await startChat(true);
  wait(channel, "m1", "stock");
  await shows("waits for approval: /approve");
  input.write("/deny not today\r");
  await until(() => asked("deny").length === 1);
  expect(asked("deny")).toMatchObject([{ tool_call_id: "call-stock", reason: "not today" }]);
});

test("P12 what is piped in does not wait in silence: it ends, and says where to decide", async () => {
  const { channel, input, talking, text, asked, hub } = await startChat(false);
  input.end("/approve\n");
  await until(() => text().includes("only a person"));
  wait(channel, "m1", "stock");
  await expect(talking).rejects.toMatchObject({
    message: `A call waits for approval, and the input has ended. Decide on the page or in a terminal: colloquy chat --url ${hub.url} --channel c`,
  });
  expect(text()).toContain("stock {");
  expect(asked("approve")).toEqual([]);
});

test("while anything goes on by itself, nothing but a decision is not all there is to wait for", () => {
  const calls = [{ id: "c", name: "stock", arguments: "{}", state: "waiting", at: 0 }] as const;
  const waiting = { messageId: "m1", state: "waiting", text: "", calls } as const;
  const queued = { messageId: "m2", state: "queued", text: "" } as const;
  expect(waitForDecision([waiting, queued])).toBe(true);
  expect(waitForDecision([waiting, { ...queued, state: "running" }])).toBe(false);
  expect(waitForDecision([queued])).toBe(false);
});
