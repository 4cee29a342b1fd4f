import { describe, expect, test } from "vitest";
import { ada } from "../heart/bed.ts";
import { freeUdpPort } from "./free-udp-port.ts";
import { endPythonAfterEach, noPython, startPython } from "./python.ts";
import { closeAfterEach, conversation, makeUdpBed } from "./udp-bed.ts";

closeAfterEach();
endPythonAfterEach();

interface NodeOptions {
  readonly word: string;
  readonly generation?: 1 | 2;
  readonly delay?: number;
  readonly text?: string;
  readonly sysbool?: string | boolean;
  readonly sender?: string;
}

/** Models as they exist, each on a port of its own, and a sequencer of ours that asks them. */
const meet = async (
  nodes: readonly NodeOptions[],
  {
    replyAddress = "127.0.0.1",
    ...panel
  }: Parameters<typeof makeUdpBed>[0] & { readonly replyAddress?: string } = {},
  sequencer: Parameters<typeof makeUdpBed>[1] = {},
) => {
  const listenPort = await freeUdpPort();
  const started = nodes.map((node) =>
    startPython("seed_node.py", [JSON.stringify({ port: 0, reply_to: [replyAddress, listenPort], ...node })]),
  );
  const ports: number[] = [];
  for (const node of started) {
    const said = await node.next();
    ports.push(typeof said === "object" && said !== null && "port" in said ? Number(said.port) : 0);
  }
  const peers = ports.map((port, i) => ({ port, function: nodes[i]?.word ?? "" }));
  const bed = await makeUdpBed({ peers, listenPort, ...panel }, sequencer);
  return { ...bed, nodes: started, ports };
};

/** What a node without a `text` of its own replied: the datagram that it had read. */
const readBack = (answer: string | undefined): unknown => JSON.parse(answer ?? "");

describe.skipIf(noPython)(`existing nodes${noPython === undefined ? "" : ` (left out: ${noPython})`}`, () => {
  test.for([
    { to: "127.0.0.1", back: "127.0.0.1" },
    { to: "127.255.255.255", back: "127.255.255.255" },
  ])(
    "P7 generation 1, asked at $to and replying to $back: the one that is meant answers",
    async ({ to, back }) => {
      const { answer, notes, nodes, ports, panel } = await meet(
        [{ word: "door" }, { word: "light", text: "It is on." }],
        { address: to, replyAddress: back },
      );
      expect(await answer("Is the light on?")).toBe("It is on.");
      expect(readBack(await answer("Open the door"))).toMatchObject({
        message: "Open the door",
        sender: `Broadcaster-${panel.port}`,
        history: [{ SysBool: "True", M_func: "light", Prompt: "Is the light on?" }],
      });
      const [asked, summary] = await notes("arbitration");
      expect(asked?.data).toEqual({
        asked: [
          { model: "door", about: `port ${ports[0]}` },
          { model: "light", about: `port ${ports[1]}` },
        ],
      });
      expect(summary?.data).toMatchObject({
        winner: "light",
        sender: `Node-${ports[1]}`,
        sysbool: "True",
        function: "light",
        models: [
          { model: "door", standing: "stood-down" },
          { model: "light", standing: "replied" },
        ],
      });
      // Nodes fail on what they do not understand: they were sent prompts and nothing else.
      expect(nodes.map((node) => node.ended())).toEqual([undefined, undefined]);
      expect(nodes[0]?.said.slice(1)).toEqual([{ heard: "Is the light on?" }, { heard: "Open the door" }]);
    },
  );

  test("generation 2: prompt, history and work summary", async () => {
    const { answer, notes, ports, panel } = await meet(
      [
        { word: "door", generation: 2 },
        { word: "light", generation: 2, text: "It is on.", sysbool: false },
      ],
      { generation: 2 },
    );
    await answer("Is the light on?");
    expect(readBack(await answer("Open the door"))).toMatchObject({
      current_prompt: "Open the door",
      sender: `Sequencer-${panel.port}`,
      history: [
        {
          system_boolean: "False",
          ex_model_function: "light",
          user_prompt: "Is the light on?",
          ex_work_summary: "It is on.",
        },
      ],
    });
    expect((await notes("arbitration"))[1]?.data).toMatchObject({
      sender: `Node-${ports[1]}`,
      sysbool: "False",
    });
  });

  test("history is newest first, five rows, and has none for a prompt that nobody took", async () => {
    const { answer } = await meet(
      [{ word: "say", text: "Said." }, { word: "door" }],
      {},
      { deadlineMs: 150 },
    );
    expect(await answer("silence")).toBe("no_reply");
    for (const n of [1, 2, 3, 4, 5, 6]) await answer(`say ${n}`);
    const read = readBack(await answer("the door"));
    expect(read).toMatchObject({
      history: ["say 6", "say 5", "say 4", "say 3", "say 2"].map((Prompt) => ({ Prompt, M_func: "say" })),
    });
  });

  test("history that is too large for peers is left out oldest first, and the prompt arrives whole", async () => {
    const { answer, panel } = await meet([{ word: "say", text: "Said." }, { word: "door" }]);
    for (const n of [1, 2, 3]) await answer(`say ${n} ${"é".repeat(150)}`);
    const read = readBack(await answer("the door"));
    expect(read).toMatchObject({ message: "the door", history: [{ SysBool: "True" }, {}] });
    expect(panel.dropped.history).toBeGreaterThan(0);
  });

  test("P7 two reply: the first is the answer, the second a note, shown to nobody as the answer", async () => {
    const { answer, notes, heart } = await meet(
      [
        { word: "both", text: "first" },
        { word: "both", text: "second", delay: 0.05 },
      ],
      { settleMs: 500 },
    );
    expect(await answer("both of you")).toBe("first");
    await expect.poll(async () => (await notes("late-reply"))[0]?.data).toMatchObject({ text: "second" });
    const { entries } = await heart.history(ada, conversation, {});
    const answers = entries.flatMap((entry) => (entry.kind === "answer" ? [entry.text] : []));
    expect(answers).toEqual(["first"]);
  });

  test("P3 P7 a reply after the deadline is a note to its own prompt, never the answer to the next", async () => {
    const { answer, notes, ask, ear } = await meet(
      [
        { word: "slow", text: "too late", delay: 0.4 },
        { word: "quick", text: "in time" },
      ],
      { quarantineMs: 1_000 },
      { deadlineMs: 200 },
    );
    const slow = await ask("slow, please");
    const quick = await ask("quick, please");
    await ear.untilEnded(quick);
    expect([ear.ends.get(slow), ear.texts.get(quick)]).toEqual(["no_reply", "in time"]);
    const [late] = await notes("late-reply");
    expect([late?.turn, late?.data?.["text"]]).toEqual([slow, "too late"]);
    expect(await answer("quick again")).toBe("in time");
  });

  test("a sender of any form, an odd sysbool: kept as they are", async () => {
    const { answer, notes } = await meet([
      { word: "door", text: "Done.", sender: "the door", sysbool: "more or less" },
    ]);
    expect(await answer("the door")).toBe("Done.");
    expect((await notes("arbitration"))[1]?.data).toMatchObject({
      winner: "the door",
      sender: "the door",
      sysbool: "more or less",
    });
  });

  test("P12 a prompt that is too long for peers of 1024 bytes ends at once, with its code", async () => {
    const { answer, nodes } = await meet([{ word: "x" }]);
    expect(await answer("x".repeat(1_200))).toBe("reply_too_large");
    expect(nodes[0]?.said.length).toBe(1);
  });
});
