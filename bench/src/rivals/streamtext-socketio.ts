/**
 * Rival one: the program that people write today. The AI SDK's `streamText`, piped to Socket.IO, one emit a token. Left
 * as its authors' own guides show it: no tuning for or against it.
 */
import { createServer } from "node:http";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { streamText } from "ai";
import { Server, type Socket } from "socket.io";

const provider = createOpenAICompatible({ name: "bench", baseURL: process.env["OPENAI_BASE_URL"] ?? "" });
const http = createServer();
const io = new Server(http);

const answer = async (socket: Socket, id: string, prompt: string): Promise<void> => {
  const { textStream } = streamText({ model: provider("bench"), prompt });
  for await (const text of textStream) socket.emit("token", { id, text });
  socket.emit("token", { id, done: true });
};

io.on("connection", (socket) => {
  socket.on("prompt", ({ id, text }: { id: string; text: string }) => {
    answer(socket, id, text).catch((error: unknown) => socket.emit("token", { id, error: String(error) }));
  });
});

http.listen(Number(process.env["PORT"]), "127.0.0.1");
