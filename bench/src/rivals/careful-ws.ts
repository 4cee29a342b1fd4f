/**
 * Rival two: the same job written with care. `fetch`, `eventsource-parser`, and `ws.send` once a token.
 */
import { createParser } from "eventsource-parser";
import { WebSocketServer, type WebSocket } from "ws";

interface Chunk {
  readonly choices: readonly { readonly delta: { readonly content?: string } }[];
}

const url = `${process.env["OPENAI_BASE_URL"] ?? ""}/chat/completions`;
const headers = { "content-type": "application/json" };

const answer = async (socket: WebSocket, id: string, prompt: string): Promise<void> => {
  const body = JSON.stringify({
    model: "bench",
    stream: true,
    messages: [{ role: "user", content: prompt }],
  });
  const response = await fetch(url, { method: "POST", headers, body });
  if (!response.ok || !response.body) throw new Error(`provider said ${response.status}`);
  const parser = createParser({
    onEvent: ({ data }) => {
      if (data === "[DONE]") {
        socket.send(JSON.stringify({ id, done: true }));
        return;
      }
      const chunk: Chunk = JSON.parse(data);
      const text = chunk.choices[0]?.delta.content;
      if (text) socket.send(JSON.stringify({ id, text }));
    },
  });
  const decoder = new TextDecoder();
  for await (const bytes of response.body) parser.feed(decoder.decode(bytes, { stream: true }));
};

const server = new WebSocketServer({ port: Number(process.env["PORT"]), host: "127.0.0.1", backlog: 4096 });
server.on("connection", (socket) => {
  socket.on("message", (data: Buffer) => {
    const message: { id?: string; text?: string } = JSON.parse(data.toString());
    if (message.id === undefined) return;
    const { id, text = "" } = message;
    answer(socket, id, text).catch((error: unknown) =>
      socket.send(JSON.stringify({ id, error: String(error) })),
    );
  });
});
