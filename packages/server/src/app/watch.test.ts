import { PassThrough } from "node:stream";
import { afterEach, describe, expect, test } from "vitest";
import { beginContest, decideContest, replyToContest } from "../../../../tests/stand-ins/contest.ts";
import { type Hub, type HubOptions, startHub } from "../../../../tests/stand-ins/hub.ts";
import { until } from "../../../../tests/stand-ins/until.ts";
import { createWatchScreen } from "./watch-screen.ts";
import { watch } from "./watch.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

const startWatch = async (hubOptions: HubOptions = {}, { person = false, token = "" } = {}) => {
  const hub: Hub = await startHub(hubOptions);
  open.push(hub);
  const input = Object.assign(new PassThrough(), person && { isTTY: true });
  const output = Object.assign(new PassThrough(), person && { isTTY: true, columns: 80 });
  let text = "";
  output.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
  const begin = () => {
    const watching = watch({
      url: hub.url,
      conversation: "seq:main",
      input,
      output,
      ...(token !== "" && { token }),
    });
    // A test that fails in the middle does not leave it running.
    open.push({
      async close() {
        input.end("quit\n");
        await watching.catch(() => undefined);
      },
    });
    return watching;
  };
  const shows = (words: string) => until(() => text.includes(words));
  return { hub, channel: hub.channel("seq:main"), input, begin, shows, text: () => text };
};

describe("watch", () => {
  test("shows who is asked, the reply with its facts, who won in what time and what the others did", async () => {
    const { channel, input, begin, shows, text } = await startWatch({}, { person: true });
    const watching = begin();
    await shows("seq:main at ws://");
    channel.prompt({ id: "m1", text: "2 + 2?", author: "ann" });
    beginContest(channel, "m1");
    await shows("asked: sums (arithmetic, with units), time (");
    expect(text()).not.toContain("won");
    decideContest(channel, "m1", "4");
    await shows("declined: time");
    expect(text()).toContain("ann: 2 + 2?\n");
    expect(text()).toMatch(
      /Received from sums: 4\n {2}Timestamp: \d\d:\d\d:\d\d\n {2}Sender: Node-5001\n {2}sysbool: True\n {2}sums won in 12 ms\n {2}stood down: text, files\n {2}declined: time\n/,
    );
    channel.note("m1", "late-reply", { model: "files", text: "four\u001B[2J", ms: 1_840 });
    await shows("too late, after 1.8 s: files: four\uFFFD[2J");
    input.write("quit\r");
    await watching;
    for (const once of ["ann: ", "asked: ", "Received from"]) expect(text().split(once)).toHaveLength(2);
  });

  test("piped prompts are asked, and all is shown of each before it ends; what stands behind quit is not asked", async () => {
    const { channel, input, begin, text } = await startWatch({
      answer(there, { id, text: asked }) {
        beginContest(there, id);
        if (asked === "one") decideContest(there, id, "1");
        else replyToContest(there, id, ["a", "b"]);
      },
    });
    input.end("one\n\ntwo\nquit\nthree\n");
    await begin();
    expect(channel.entries.filter(({ kind }) => kind === "prompt")).toHaveLength(2);
    expect(text()).toMatch(
      /me: one\n[^]*Received from sums: 1\n[^]*sums won[^]*me: two\n[^]*sums: a\n[^]*text: b\n/,
    );
    expect(text()).toMatch(/2 replied in 31 ms\n {2}declined: time, files\n$/);
    expect(text()).not.toContain("Enter message");
  });

  test("input that is empty ends at once", async () => {
    const { input, begin, text } = await startWatch();
    input.end("");
    await begin();
    expect(text()).toBe("");
  });

  test("P12 says why a prompt was not taken, why nobody answered, and when the connection is lost", async () => {
    const { hub, channel, input, begin, shows } = await startWatch({}, { person: true });
    const watching = begin();
    await shows("seq:main at ws://");
    hub.refusals.set("prompt", "queue_full");
    input.write("Hello?\r");
    await shows("not taken: Too many prompts are waiting");
    channel.prompt({ id: "m1", text: "Anyone?" });
    beginContest(channel, "m1");
    const models = [{ model: "sums", standing: "asked" }];
    channel.note("m1", "arbitration", { policy: "first", code: "no_reply", ms: 30_000, models });
    channel.end("m1", "failed", "no_reply");
    await shows("silent: sums");
    await shows("  failed: ");
    hub.cut();
    await shows("connection was lost");
    input.write("\u0003");
    await expect(watching).resolves.toBeUndefined();
  });

  test("P11 ends with the server's sentence when one is not let in", async () => {
    const stranger = await startWatch({ tokens: ["t1"] }, { token: "wrong" });
    await expect(stranger.begin()).rejects.toMatchObject({ message: "That token was not accepted." });
    const guest = await startWatch();
    guest.hub.refusals.set("subscribe", "not_allowed");
    await expect(guest.begin()).rejects.toMatchObject({ code: "not_allowed" });
  });

  test("a fallback, and a turn that asked again after a crash", () => {
    const lines: string[] = [];
    const screen = createWatchScreen((line) => lines.push(line));
    const turn = { messageId: "m1", state: "running" as const, text: "", prompt: "Hi", author: "ann" };
    const contest = { asked: [{ model: "a" }, { model: "b" }], models: [], late: [] };
    screen.show({ ...turn, contest });
    screen.show({ ...turn, contest: { ...contest, asked: [{ model: "b" }] } });
    const rescued = { ...contest, asked: [{ model: "b" }], code: "no_model", fallback: "demo:guide" };
    screen.show({ ...turn, contest: rescued });
    expect(screen.over("m1")).toBe(false);
    screen.show({ ...turn, state: "completed", text: "Hello!", contest: rescued });
    expect(screen.over("m1")).toBe(true);
    expect(lines).toEqual([
      "\nann: Hi\n  asked: a, b",
      "  asked: b",
      "  nobody took it; asked instead: demo:guide",
      "Received from demo:guide: Hello!\n  demo:guide answered",
    ]);
  });
});
