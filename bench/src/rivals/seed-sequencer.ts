/**
 * The sequencer that people run today, in plain Node: prompts come in by TCP (and, to be compared, by WebSocket), go to all
 * ports at once, and what comes back is taken for the answer. Nothing is stored: the last five exchanges are kept in memory, which is kind
 * to it. When models repeat the id the answer is theirs; otherwise it is the next prompt's turn as soon as anyone has said anything.
 */
import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import { WebSocketServer } from "ws";
import { placesHere } from "../sequencer/places.ts";

interface Reply {
  readonly id?: string;
  readonly message?: string;
  readonly sysbool?: string;
}

interface Asked {
  readonly id: string;
  readonly text: string;
  readonly answer: (text: string) => void;
}

const { port, ingressPort, listenPort, peerPorts } = placesHere();
const echoes = process.env["ECHOES"] === "1";
const sender = createSocket({ type: "udp4", lookup: (host, _options, done) => done(null, host, 4) });
const listener = createSocket("udp4");
const history: { SysBool: string; M_func: string; Prompt: string }[] = [];
const out = new Map<string, Asked>();
const waiting: Asked[] = [];
let made = 0;

const send = (asked: Asked): void => {
  out.set(asked.id, asked);
  const timestamp = new Date().toTimeString().slice(0, 8);
  const data = JSON.stringify({
    message: asked.text,
    history,
    timestamp,
    sender: `Broadcaster-${listenPort}`,
    id: asked.id,
  });
  for (const peer of peerPorts) sender.send(data, peer, "127.0.0.1");
};

const ask = (text: string, answer: (text: string) => void): void => {
  made += 1;
  const asked = { id: `s${made}`, text, answer };
  if (echoes || out.size === 0) send(asked);
  else waiting.push(asked);
};

listener.on("message", (bytes: Buffer) => {
  const reply: Reply = JSON.parse(bytes.toString());
  const id = echoes ? reply.id : out.keys().next().value;
  const asked = id === undefined ? undefined : out.get(id);
  if (!asked || reply.message === undefined) return;
  out.delete(asked.id);
  history.unshift({ SysBool: reply.sysbool ?? "True", M_func: "None", Prompt: asked.text });
  history.length = Math.min(history.length, 5);
  asked.answer(reply.message);
  const next = echoes ? undefined : waiting.shift();
  if (next) send(next);
});
listener.bind(listenPort, "0.0.0.0");

const breakouts = createServer({ allowHalfOpen: false }, (socket) => {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  socket.on("end", () => ask(Buffer.concat(chunks).toString(), () => {}));
  socket.on("error", () => socket.destroy());
});
breakouts.listen(ingressPort, "127.0.0.1");

const server = new WebSocketServer({ port, host: "127.0.0.1" });
server.on("connection", (socket) => {
  socket.on("message", (data: Buffer) => {
    const { id, text }: { id?: string; text?: string } = JSON.parse(data.toString());
    if (text !== undefined) ask(text, (answer) => socket.send(JSON.stringify({ id, text: answer })));
  });
});
