import { PassThrough } from "node:stream";
import { afterEach, describe, expect, test } from "vitest";
import { type Hub, type HubOptions, startHub } from "../../../../tests/stand-ins/hub.ts";
import { until } from "../../../../tests/stand-ins/until.ts";
import { createChatScreen, plainText } from "./chat-screen.ts";
import { chat } from "./chat.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

/** What stands on a terminal of endless width after these bytes; knows as much of them as readline uses. */
const onScreen = (raw: string): string => {
  const rows = [""];
  let column = 0;
  for (const [part] of raw.replaceAll("\u001B", "␛").matchAll(/␛\[\d*[A-Za-z]|[^]/gu)) {
    const row = rows.at(-1) ?? "";
    if (part === "\n") {
      rows.push("");
      column = 0;
    } else if (part === "\r" || part === "␛[1G") {
      column = 0;
    } else if (part === "␛[0J" || part === "␛[J") {
      rows[rows.length - 1] = row.slice(0, column);
    } else if (/^␛.*G$/.test(part)) {
      column = Number(part.slice(2, -1)) - 1;
    } else if (!part.startsWith("␛")) {
      rows[rows.length - 1] = row.slice(0, column) + part + row.slice(column + part.length);
      column += part.length;
    }
  }
  return rows.join("\n");
};

/** A chat in a terminal that a test types into and reads. */
const startChat = async (hubOptions: HubOptions = {}, { person = true, token = "" } = {}) => {
  const hub: Hub = await startHub(hubOptions);
  open.push(hub);
  const input = Object.assign(new PassThrough(), person && { isTTY: true });
  const output = Object.assign(new PassThrough(), person && { isTTY: true, columns: 80 });
  let raw = "";
  output.on("data", (chunk: Buffer) => (raw += chunk.toString("utf8")));
  const begin = () => {
    const talking = chat({ url: hub.url, channel: "c", input, output, ...(token !== "" && { token }) });
    // A test that fails in the middle does not leave it running.
    open.push({
      async close() {
        input.end("/quit\r");
        await talking.catch(() => undefined);
      },
    });
    return talking;
  };
  const text = () => onScreen(raw);
  const shows = (words: string) => until(() => text().includes(words));
  return { hub, channel: hub.channel("c"), input, begin, text, shows };
};

test("P12 the end of the input before there was a connection ended the chat with a stack", async () => {
  const { hub, input, begin, text, shows } = await startChat();
  await hub.close();
  const talking = begin();
  await shows("No server answers");
  input.end();
  await talking;
  expect(text()).not.toContain("leaves");
});

const promptOf = (hub: Hub): string => {
  const asked = hub.frames
    .map((frame) => JSON.stringify(frame))
    .findLast((frame) => frame.includes('"action":"prompt"'));
  return /"message_id":"([^"]+)"/.exec(asked ?? "")?.[1] ?? "";
};

describe("chat", () => {
  test("shows the history, others' prompts with their author, and answers as they grow", async () => {
    const { channel, input, begin, text, shows } = await startChat();
    channel.prompt({ id: "m1", text: "What is it?", author: "ann" });
    channel.grow("m1", "A hub.");
    channel.end("m1");
    const talking = begin();
    await shows("ann: What is it?\nA hub.\n");
    channel.prompt({ id: "m2", text: "And then?", author: "bob" });
    channel.grow("m2", "It ");
    await shows("bob: And then?\nIt ");
    channel.tool("m2", "clock");
    await shows("… Executing clock...");
    channel.grow("m2", "grows.");
    channel.end("m2");
    await shows("grows.\n");
    input.write("/quit\r");
    await talking;
    expect(text().match(/A hub\./g)).toHaveLength(1);
  });

  test("asks, and keeps an answer whole while one types into it", async () => {
    const { hub, channel, input, begin, text, shows } = await startChat();
    const talking = begin();
    await shows("/quit");
    input.write("Hello?\r");
    await until(() => channel.entries.length === 1);
    const id = promptOf(hub);
    channel.grow(id, "Hel");
    await shows("Hel");
    input.write("more");
    channel.grow(id, "lo!");
    channel.end(id);
    await shows("Hello!\n\n> more");
    expect(text()).not.toContain("me: Hello?");
    input.write("\r");
    await until(() => channel.entries.some((entry) => entry.kind === "prompt" && entry.text === "more"));
    input.write("/quit\r");
    await talking;
  });

  test("P9 the first Ctrl-C stops the answer, the second leaves", async () => {
    const { channel, input, begin, shows } = await startChat({
      answer: (there, { id }) => there.grow(id, "Hel"),
    });
    const talking = begin();
    await shows("/quit");
    input.write("Hello?\r");
    await shows("Hel");
    input.write("\u0003");
    await shows("— stopped");
    expect(channel.entries.at(-1)).toMatchObject({ kind: "turn-end", end: "cancelled" });
    input.write("\u0003");
    await talking;
    await until(() => channel.readers.size === 0);
  });

  test("/stop stops; what is no command is said to be none", async () => {
    const { input, begin, shows } = await startChat({ answer: (there, { id }) => there.grow(id, "Hel") });
    const talking = begin();
    await shows("/quit");
    input.write("/stop\r");
    await shows("nothing is being answered");
    input.write("/dance\r");
    await shows("there is no /dance");
    input.write("Hello?\r");
    await shows("Hel");
    input.write("/stop\r");
    await shows("— stopped");
    input.write("\u0003");
    await shows("Ctrl-C once more leaves");
    input.write("\u0003");
    await expect(talking).resolves.toBeUndefined();
  });

  test("P12 says when the connection is lost and back, and why a prompt was not taken", async () => {
    const { hub, input, begin, shows } = await startChat();
    const talking = begin();
    await shows("/quit");
    hub.cut();
    await shows("connection was lost");
    await shows("connected again");
    hub.refusals.set("prompt", "queue_full");
    input.write("Hello?\r");
    await shows("— not taken: Too many prompts are waiting");
    input.write("/quit\r");
    await expect(talking).resolves.toBeUndefined();
  });

  test("P12 names the address where no server answers", async () => {
    const { hub, input, begin, shows } = await startChat();
    await hub.close();
    const talking = begin();
    await shows(`No server answers at ${hub.url}`);
    input.write("/quit\r");
    await expect(talking).resolves.toBeUndefined();
  });

  test("P11 ends with the server's sentence when one is not let in", async () => {
    const stranger = await startChat({ tokens: ["t1"] }, { token: "wrong" });
    await expect(stranger.begin()).rejects.toMatchObject({ message: "That token was not accepted." });
    const guest = await startChat();
    guest.hub.refusals.set("subscribe", "not_allowed");
    await expect(guest.begin()).rejects.toMatchObject({ code: "not_allowed" });
  });

  test("takes piped lines, and stays for the last answer", async () => {
    const { hub, channel, input, begin, text } = await startChat({}, { person: false });
    input.end("Hello?\n");
    const talking = begin();
    await until(() => channel.entries.length === 1);
    channel.grow(promptOf(hub), "Hello!");
    channel.end(promptOf(hub));
    await talking;
    expect(text()).toBe("Hello!\n\n");
  });

  test("a turn that had ended when it was first seen is over when its text is shown too", () => {
    const still = { hide: () => undefined, redraw: () => undefined };
    const screen = createChatScreen(new PassThrough(), false, still);
    screen.show({ type: "turn", turn: { messageId: "m1", state: "completed", text: "Hello!" } });
    expect(screen.over("m1")).toBe(false);
    screen.show({ type: "text", messageId: "m1", offset: 0, text: "Hello!" });
    expect(screen.over("m1")).toBe(true);
    screen.show({ type: "turn", turn: { messageId: "m2", state: "refused", text: "" } });
    expect(screen.over("m2")).toBe(true);
  });

  test("words of others do not command the terminal", () => {
    expect(plainText("a\u001B[2Jb\u0007\u009Bc\r\nd\te\rf")).toBe("a\uFFFD[2Jb\uFFFD\uFFFDc\nd\te\uFFFDf");
  });
});
