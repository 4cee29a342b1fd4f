import { createServer } from "node:http";
import { createColloquy, type Model, type RoomKind } from "colloquy";

const echo: Model = {
  id: "mine:echo",
  contextTokens: 8_000,
  async *stream({ messages }) {
    yield { type: "text", text: `You said: ${messages.at(-1)?.text ?? ""}` };
    yield { type: "finish", reason: "stop" };
  },
};
const asked = new Map<string, number>();
/** Numbers the questions of a room; starts again at 1 when the room was closed meanwhile. */
const counting: RoomKind = {
  model: (id) => (id === "echo" ? echo : undefined),
  start: ({ roomId }) => void asked.set(roomId, 0),
  handle({ roomId }, { text }) {
    asked.set(roomId, (asked.get(roomId) ?? 0) + 1);
    return { text: `Question ${asked.get(roomId)}: ${text}` };
  },
  stop: ({ roomId }) => void asked.delete(roomId),
};
const server = createServer((request, response) => {
  if (!colloquy.handle(request, response)) response.end("A page of your own.\n");
});
const colloquy = createColloquy({ server, env: process.env, roomKinds: { counting } });
await colloquy.start();
server.listen(Number(process.env["PORT"] ?? 3000), "127.0.0.1", () => console.log(server.address()));
process.once("SIGTERM", () => void colloquy.close().then(() => server.close()));
