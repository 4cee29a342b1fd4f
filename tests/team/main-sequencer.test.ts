import { createSocket } from "node:dgram";
import { createServer, type AddressInfo, type Server } from "node:net";
import { PassThrough } from "node:stream";
import { worker } from "@colloquy/client";
import { expect, onTestFinished, test } from "vitest";
import type { ColloquyConfig } from "../../packages/server/src/app/config/define-config.ts";
import { watch } from "../../packages/server/src/app/watch.ts";
import { createUdpWorker, type UdpWorkerOptions } from "../../packages/server/src/models/udp-worker.ts";
import { call } from "../gateways/caller.ts";
import { breakOut } from "../sequencer/breakout.ts";
import { freeUdpPort } from "../sequencer/free-udp-port.ts";
import { until } from "../stand-ins/until.ts";
import { askedIn, decisionIn, resultOf, teamServer } from "./team-server.ts";

const listening = async (): Promise<{ readonly server: Server; readonly port: number }> => {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" ? (address?.port ?? 0) : 0);
    });
  });
  return { server, port };
};
const freeTcpPort = async (): Promise<number> => {
  const { server, port } = await listening();
  await new Promise((resolve) => void server.close(resolve));
  return port;
};

const udpModel = async (
  name: string,
  port: number,
  replyTo: number,
  respond: UdpWorkerOptions["respond"],
): Promise<void> => {
  const model = createUdpWorker({ name, port, replyTo, respond });
  await model.start();
  onTestFinished(() => model.close());
};

/** A server with the sequencer `main`, and two models behind its ports: one doubles numbers, one shouts. */
const mainServer = async (config: ColloquyConfig = {}) => {
  const [listenPort, doubling, shouting] = [await freeUdpPort(), await freeUdpPort(), await freeUdpPort()];
  const ingressPort = await freeTcpPort();
  await udpModel("Doubler", doubling, listenPort, ({ text }) =>
    /^\d+$/.test(text) ? String(2 * Number(text)) : undefined,
  );
  await udpModel("Shouter", shouting, listenPort, ({ text }) =>
    /^[a-z]+$/.test(text) ? text.toUpperCase() : undefined,
  );
  const server = await teamServer({
    team: false,
    sequencerIngressPort: ingressPort,
    sequencerListenPort: listenPort,
    sequencerBroadcastPorts: [doubling, shouting],
    sequencerFunctions: { [doubling]: "doubling" },
    sequencerDeadline: 20,
    ...config,
  });
  return { ...server, listenPort, ingressPort, doubling, shouting };
};

test("a breakout's prompt reaches the models, and everybody who looks at seq:main sees the one answer", async () => {
  const { url, ingressPort, doubling, shouting, ask } = await mainServer();
  const ada = await call(url);
  ada.subscribe("seq:main", { id: "s" });
  await ada.settled();
  await breakOut(ingressPort, "21");
  const done = await ada.next((frame) => frame.payload?.["status"] === "completed");
  expect(done).toMatchObject({ channel: "seq:main", payload: { message: "42" } });
  await breakOut(ingressPort, "hello", 1);
  expect((await ada.next((frame) => frame.payload?.["status"] === "completed")).payload["message"]).toBe(
    "HELLO",
  );
  ada.hangUp();

  const entries = await ask("4", { channel: "seq:main" });
  expect(askedIn(entries)).toEqual([
    { model: "doubling", about: `port ${doubling}` },
    { model: `port ${shouting}` },
  ]);
  expect(decisionIn(entries)).toMatchObject({
    winner: "doubling",
    sender: `Doubler-${doubling}`,
    sysbool: "True",
  });
  expect(resultOf(await ask("?!", { channel: "seq:main" })).end).toBe("no_model");
});

test("colloquy watch shows who was asked and who answered, and takes prompts", async () => {
  const { url, ingressPort, doubling } = await mainServer();
  const [input, output] = [new PassThrough(), new PassThrough()];
  let said = "";
  output.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const watching = watch({ url, conversation: "seq:main", input, output });
  await breakOut(ingressPort, "21");
  await until(() => said.includes("Received from doubling: 42"));
  input.write("5\n");
  await until(() => said.includes("Received from doubling: 10"));
  input.end();
  await watching;
  expect(said).toMatch(/asked: doubling \(port \d+\), port \d+/);
  expect(said).toContain(`Sender: Doubler-${doubling}`);
  expect(said).toContain("sysbool: True");
});

test("a WebSocket worker, a model of the configuration and old peers are asked together", async () => {
  const { url, ask, begin } = await mainServer({
    sequencers: { main: { models: ["skill:time"], fallback: "demo:echo" } },
  });
  const poet = worker({
    url: url.replace(/\/ws$/, "/models"),
    name: "poet",
    about: "writes verses",
    async *respond({ text }) {
      if (!text.includes("poem")) return;
      yield "Roses ";
      yield "are red.";
    },
  });
  onTestFinished(() => poet.close());
  const seq = { channel: "seq:main" };
  // It has registered once it is among those asked.
  let entries = await ask("a poem!", seq);
  while (!askedIn(entries).some(({ model }) => model === "poet")) entries = await ask("a poem!", seq);
  expect(resultOf(entries)).toEqual({ end: "completed", text: "Roses are red." });
  expect(askedIn(entries)).toContainEqual({ model: "poet", about: "writes verses" });
  expect(resultOf(await ask("is 2024 a leap year", seq)).text).toBe("2024 is a leap year.");
  expect(resultOf(await ask("7", seq)).text).toBe("14");
  // Each of them can be had by any assistant too; what nobody takes goes to the fallback.
  const nobodys = await begin("nobody's own", seq);
  expect(resultOf(await nobodys.ended())).toMatchObject({ end: "completed", text: "nobody's own" });
});

test("under the policy all each reply is an entry under its model's name", async () => {
  const { ask } = await mainServer({ sequencers: { main: { policy: "all", models: ["demo:echo"] } } });
  const entries = await ask("8", { channel: "seq:main" });
  const replies = entries.flatMap((entry) =>
    entry.kind === "reply" ? [[entry.model, entry.text] as const] : [],
  );
  expect(new Map(replies)).toEqual(
    new Map([
      ["demo:echo", "8"],
      ["doubling", "16"],
    ]),
  );
  expect(resultOf(entries)).toEqual({ end: "completed", text: "" });
});

test("P12 ports that are taken are told by the log and /readyz, and the rest of the server goes on", async () => {
  const udp = createSocket("udp4");
  const { port: listenPort } = await new Promise<AddressInfo>((resolve) => {
    udp.bind(0, "0.0.0.0", () => resolve(udp.address()));
  });
  const tcp = await listening();
  onTestFinished(() => {
    udp.close();
    tcp.server.close();
  });
  const { http, ask } = await teamServer({
    team: false,
    sequencerListenPort: listenPort,
    sequencerIngressPort: tcp.port,
    sequencers: { main: { fallback: "demo:echo" } },
  });
  const ready = await fetch(`${http}/readyz`);
  expect([ready.status, await ready.text()]).toEqual([
    200,
    "ready\n" +
      `sequencer main, replies: UDP port ${listenPort} is taken by another program.\n` +
      `sequencer main, breakouts: TCP port ${tcp.port} is taken by another program.\n`,
  ]);
  expect(resultOf(await ask("hello")).text).toBe("plain");
  expect(resultOf(await ask("hello", { channel: "seq:main" })).text).toBe("hello");
  expect(await (await fetch(`${http}/metrics`)).text()).toContain(
    'colloquy_datagrams_dropped_total{reason="main: badJson"} 0',
  );
});

test("P12 where there is no sequencer nobody answers, and no worker is let in", async () => {
  const { begin, url } = await teamServer({ team: false });
  await expect(begin("hello", { channel: "seq:main" })).rejects.toMatchObject({ code: "unknown_assistant" });
  await expect(call(url.replace(/\/ws$/, "/models"))).rejects.toThrow("404");
});

test("two servers with sequencers of their own fit into one process", async () => {
  const [a, b] = [await mainServer(), await mainServer()];
  const answers = await Promise.all([
    a.ask("1", { channel: "seq:main" }),
    b.ask("2", { channel: "seq:main" }),
  ]);
  expect(answers.map((entries) => resultOf(entries).text)).toEqual(["2", "4"]);
});
