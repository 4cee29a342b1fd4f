/**
 * Rooms as a good engineer glues them by hand: Socket.IO's rooms, the AI SDK's `streamText` with tools, one emit to the room for
 * each token. Chats and messages are kept in memory and nowhere else, which is kind to it: nothing is durable, nobody gets
 * back what a lost connection took, and a slow reader's frames queue.
 */
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { jsonSchema, stepCountIs, streamText, tool, type ModelMessage } from "ai";
import { Server, type Socket } from "socket.io";
import { createSdkChainModel } from "../rooms/sdk-chain-model.ts";
import { chainModel, chainTool } from "../rooms/model-ids.ts";
import { userOf } from "../rooms/token.ts";

interface Chat {
  readonly chatId: string;
  readonly roomId: string;
  readonly owner: string;
  readonly model: string;
  readonly messages: ModelMessage[];
  turns: number;
}

interface Said {
  readonly room_id: string;
  readonly message: { readonly id: string; readonly data: { readonly item: { readonly content: string } } };
}

const provider = createOpenAICompatible({ name: "bench", baseURL: process.env["OPENAI_BASE_URL"] ?? "" });
const contextMessages = 10;
const chats = new Map<string, Chat>();
const rooms = new Map<string, Chat>();

const http = createServer();
const io = new Server(http, { pingInterval: 25_000, pingTimeout: 60_000 });
const namespace = io.of("/assistant/realtime");

const tools = {
  [chainTool]: tool({
    description: "Takes the next step of a chain.",
    inputSchema: jsonSchema<{ readonly step: number }>({
      type: "object",
      properties: { step: { type: "integer" } },
      required: ["step"],
    }),
    execute: ({ step }) => `step ${step} is taken`,
  }),
};

const now = (): string => new Date().toISOString();

const answer = async ({ roomId, model, messages, turns }: Chat): Promise<void> => {
  const room = namespace.to(roomId);
  const message_id = `${roomId}_${turns}`;
  const base = { id: message_id, created_timestamp: now() };
  room.emit(`stream_start ${roomId}`, { message_id });
  const chained = model === chainModel;
  const result = streamText({
    model: chained ? createSdkChainModel() : provider(model.slice(model.indexOf(":") + 1)),
    messages: messages.slice(-contextMessages),
    ...(chained && { tools, stopWhen: stepCountIs(30) }),
  });
  let content = "";
  for await (const part of result.fullStream) {
    if (part.type === "text-delta") {
      room.emit(`stream_chunk ${roomId}`, {
        message_id,
        content: part.text,
        done: false,
        offset: content.length,
      });
      content += part.text;
    } else if (part.type === "tool-call") {
      const data = { ...base, call_id: part.toolCallId, name: part.toolName, arguments: part.input };
      room.emit(`receive_message ${roomId}`, { type: "sbaw.function_call", data });
    } else if (part.type === "tool-result") {
      const data = { ...base, call_id: part.toolCallId, name: part.toolName, result: part.output };
      room.emit(`receive_message ${roomId}`, { type: "sbaw.function_result", data });
    } else if (part.type === "error") {
      throw part.error;
    }
  }
  messages.push({ role: "assistant", content });
  room.emit(`stream_chunk ${roomId}`, { message_id, content: "", done: true, offset: content.length });
  room.emit(`stream_end ${roomId}`, { message_id });
  room.emit(`receive_message ${roomId}`, {
    type: "sbaw.text_message.assistant",
    data: { ...base, content, model_id: model, role: "assistant", type: "message", stop_reason: "stop" },
  });
};

const take = (socket: Socket, { room_id, message }: Said): void => {
  const chat = rooms.get(room_id);
  if (!chat) {
    socket.emit(`message_error ${message.id}`, { error: "There is no such room." });
    return;
  }
  const { content } = message.data.item;
  chat.messages.push({ role: "user", content });
  chat.turns += 1;
  socket.emit(`message_sent ${message.id}`, { success: true });
  socket.to(room_id).emit(`receive_message ${room_id}`, {
    type: "sbaw.text_message.user",
    data: { id: message.id, content, role: "user", type: "message", created_timestamp: now() },
  });
  answer(chat).catch((error: unknown) =>
    namespace.to(room_id).emit("message_error", { error: String(error) }),
  );
};

namespace.use((socket, next) => {
  const token: unknown = socket.handshake.auth["token"];
  const user = typeof token === "string" ? userOf(token) : undefined;
  if (user === undefined) return next(new Error("token_invalid"));
  socket.data.user = user;
  next();
});

namespace.on("connection", (socket) => {
  socket.on("find_chat", ({ chat_id }: { chat_id: string }) => {
    const chat = chats.get(chat_id);
    if (chat) socket.emit(`room_found ${chat_id}`, { room_id: chat.roomId, chat_id });
    else socket.emit(`room_not_found ${chat_id}`, { room_id: null, chat_id });
  });
  socket.on("create_room", ({ chat_id, model_id }: { chat_id: string; model_id: string }) => {
    const made: Chat = {
      chatId: chat_id,
      roomId: `room_${randomUUID()}`,
      owner: String(socket.data.user),
      model: model_id,
      messages: [],
      turns: 0,
    };
    const chat = chats.get(chat_id) ?? made;
    chats.set(chat_id, chat);
    rooms.set(chat.roomId, chat);
    socket.emit(`room_created ${chat_id}`, { room_id: chat.roomId, chat_id, model_id });
  });
  socket.on("join_room", ({ room_id }: { room_id: string }) => {
    void socket.join(room_id);
    socket.emit(`room_joined ${room_id}`, { room_id });
  });
  socket.on("send_message", (said: Said) => take(socket, said));
});

http.listen({ port: Number(process.env["PORT"]), host: "127.0.0.1", backlog: 4096 });
