import { describe, expect, test } from "vitest";
import { createBroadcaster, type ReceivedMessage } from "../../packages/server/src/models/udp-broadcaster.ts";
import { until } from "../stand-ins/until.ts";
import { freeUdpPort } from "./free-udp-port.ts";
import { endPythonAfterEach, noPython, startPython } from "./python.ts";
import { startRawPeer } from "./raw-peer.ts";
import { closeAfterEach, lent, startWorker } from "./udp-bed.ts";

closeAfterEach();
endPythonAfterEach();

const row = { SysBool: "True", M_func: "None", Prompt: "Before" };

test("the verbs of the existing class: broadcast a message with history, hear replies, drain, close", async () => {
  const listenPort = await freeUdpPort();
  const heard: unknown[] = [];
  const workers = await Promise.all(
    ["A", "B"].map((answer) =>
      startWorker({
        replyTo: listenPort,
        name: answer,
        respond: (prompt) => {
          heard.push(prompt);
          return answer;
        },
      }),
    ),
  );
  const broadcaster = lent(
    createBroadcaster({ broadcastPorts: workers.map(({ port }) => port), listenPort }),
  );
  await broadcaster.start();
  const shown: ReceivedMessage[] = [];
  const hush = broadcaster.onReply((message) => shown.push(message));
  expect(broadcaster.broadcastMessage("Who?", [row])).toBe(0);
  await until(() => shown.length === 2);
  hush();
  const asked = { text: "Who?", history: [{ prompt: "Before", answer: "", sysbool: "True" }] };
  expect(heard).toEqual([asked, asked]);
  const messages = broadcaster.receivedMessages();
  expect(messages).toEqual(shown);
  expect(
    messages
      .map(({ text, sysbool, port }) => ({ text, sysbool, port }))
      .toSorted((a, b) => (a.text < b.text ? -1 : 1)),
  ).toEqual([
    { text: "A", sysbool: "True", port: workers[0]?.port },
    { text: "B", sysbool: "True", port: workers[1]?.port },
  ]);
  expect(broadcaster.receivedMessages()).toEqual([]);
  broadcaster.broadcastMessage("Again?", []);
  await expect.poll(() => broadcaster.receivedMessages().length).toBeGreaterThan(0);
  expect(shown.length).toBe(2);
  await broadcaster.close();
  await broadcaster.close();
});

test("P12 history that does not fit is left out, and a message that does not is refused", async () => {
  const broadcaster = lent(createBroadcaster({ broadcastPorts: [], listenPort: 0, generation: 2 }));
  await broadcaster.start();
  expect(
    broadcaster.broadcastMessage(
      "Hi",
      Array.from({ length: 100 }, () => row),
    ),
  ).toBeGreaterThan(10);
  expect(() => broadcaster.broadcastMessage("x".repeat(4_096), [])).toThrow(
    expect.objectContaining({ code: "reply_too_large" }),
  );
});

test("P5 messages that nobody drains are kept up to a bound, and noise is no message", async () => {
  const broadcaster = lent(createBroadcaster({ broadcastPorts: [], listenPort: 0 }));
  await broadcaster.start();
  const peer = await startRawPeer(broadcaster.port);
  await peer.say("noise");
  await peer.say({ message: "my own words", sender: `Broadcaster-${broadcaster.port}` });
  for (let i = 0; i < 1_100; i += 1) {
    await peer.say({ message: String(i) });
    if (i % 100 === 99) await until(() => broadcaster.dropped.tooMany >= i - 1_023);
  }
  await until(() => broadcaster.dropped.tooMany === 76);
  const messages = broadcaster.receivedMessages();
  expect([messages.length, messages[0]?.text, messages.at(-1)?.text]).toEqual([1_024, "76", "1099"]);
  expect(broadcaster.dropped).toMatchObject({ badJson: 1, own: 1 });
});

describe.skipIf(noPython)(
  `with an existing node${noPython === undefined ? "" : ` (left out: ${noPython})`}`,
  () => {
    test("broadcasts are understood", async () => {
      const listenPort = await freeUdpPort();
      const node = startPython("seed_node.py", [
        JSON.stringify({ port: 0, reply_to: ["127.255.255.255", listenPort], word: "door", text: "Opened." }),
      ]);
      const said = await node.next();
      const port = typeof said === "object" && said !== null && "port" in said ? Number(said.port) : 0;
      const address = "127.255.255.255";
      const broadcaster = lent(createBroadcaster({ broadcastPorts: [port], listenPort, address }));
      await broadcaster.start();
      broadcaster.broadcastMessage("Open the door", []);
      await expect
        .poll(() => broadcaster.receivedMessages())
        .toMatchObject([{ text: "Opened.", sender: `Node-${port}`, port, sysbool: "True" }]);
    });
  },
);
