import { describe, expect, test } from "vitest";
import { freeUdpPort } from "./free-udp-port.ts";
import { endPythonAfterEach, noPython, startPython } from "./python.ts";
import { closeAfterEach, startWorker } from "./udp-bed.ts";

closeAfterEach();
endPythonAfterEach();

const startSeed = async (listenPort: number, ports: readonly number[]) => {
  const seed = startPython("seed_class.py", [listenPort, ...ports], { BROADCAST_ADDRESS: "127.255.255.255" });
  await seed.next();
  const drain = async (): Promise<readonly Record<string, unknown>[]> => {
    seed.say({ drain: true });
    const said = await seed.next();
    return typeof said === "object" && said !== null && "messages" in said && Array.isArray(said.messages)
      ? said.messages
      : [];
  };
  return {
    seed,
    broadcast: (message: string, history: readonly unknown[] = []) =>
      seed.say({ broadcast: [message, history] }),
    /** The first messages that it has received when there are any. */
    received: async () => {
      for (;;) {
        const messages = await drain();
        if (messages.length > 0) return messages;
      }
    },
    drain,
  };
};

describe.skipIf(noPython)(
  `the existing class${noPython === undefined ? "" : ` (left out: ${noPython})`}`,
  () => {
    test("as the sequencer, with our workers as its models: it shows and drains our reply, with every field", async () => {
      const replyTo = await freeUdpPort();
      const heard: unknown[] = [];
      const door = await startWorker({
        replyTo,
        name: "Door",
        respond: ({ text, history }) => {
          heard.push(history);
          return text.includes("door") ? "Opened." : undefined;
        },
      });
      const light = await startWorker({ replyTo, name: "Light", respond: () => Promise.resolve(undefined) });
      const { broadcast, received, drain } = await startSeed(replyTo, [door.port, light.port]);
      broadcast("Open the door", [{ SysBool: "True", M_func: "lamp", Prompt: "Light, please" }]);
      expect(await received()).toEqual([
        {
          message: "Opened.",
          sysbool: "True",
          timestamp: expect.stringMatching(/^\d\d:\d\d:\d\d$/),
          sender: `Door-${door.port}`,
        },
      ]);
      expect(heard).toEqual([[{ prompt: "Light, please", answer: "", sysbool: "True", function: "lamp" }]]);
      broadcast("nobody's");
      broadcast("the door again");
      expect(await received()).toMatchObject([{ message: "Opened." }]);
      expect(await drain()).toEqual([]);
    });

    test("a long answer is cut to what it reads, instead of being lost", async () => {
      const replyTo = await freeUdpPort();
      const worker = await startWorker({
        replyTo,
        respond: async function* () {
          for (let i = 0; i < 100; i += 1) yield `${i} äöü€😀 `;
        },
      });
      const { broadcast, received } = await startSeed(replyTo, [worker.port]);
      broadcast("Talk");
      const [message] = await received();
      expect(message?.["message"]).toMatch(/^0 äöü€😀 1 äöü€😀 .*…$/u);
      expect(worker.dropped.cut).toBe(1);
    });

    test("the example model serves it", async () => {
      const [replyTo, port] = [await freeUdpPort(), await freeUdpPort()];
      startPython("../../examples/python-model/model.py", [port, replyTo]);
      const { broadcast, received } = await startSeed(replyTo, [port]);
      // Until it listens, nobody hears: the wire does not tell.
      const asking = setInterval(() => broadcast("Shout hello there"), 50);
      const messages = await received();
      clearInterval(asking);
      expect(messages[0]).toMatchObject({
        message: "HELLO THERE",
        sysbool: "True",
        sender: `Shouter-${port}`,
      });
      broadcast("whisper");
      broadcast(`shout ${"ä".repeat(450)}`);
      const later: Record<string, unknown>[] = [];
      const isLong = ({ message }: Record<string, unknown>): boolean => message !== "HELLO THERE";
      while (!later.some(isLong)) later.push(...(await received()));
      const long = later.find(isLong);
      expect(long?.["message"]).toMatch(/^Ä+$/);
    });
  },
);
