/** Plain fan-out with `ws`: what is published goes to every member of the channel by `send` in a loop. */
import { WebSocketServer, type WebSocket } from "ws";

const channels = new Map<string, Set<WebSocket>>();
const server = new WebSocketServer({ port: Number(process.env["PORT"]), host: "127.0.0.1", backlog: 4096 });

server.on("connection", (socket) => {
  socket.on("message", (data: Buffer) => {
    const text = data.toString();
    const frame: { action?: string; channel: string } = JSON.parse(text);
    const members = channels.get(frame.channel) ?? new Set();
    channels.set(frame.channel, members);
    if (frame.action === "subscribe") {
      members.add(socket);
      socket.on("close", () => members.delete(socket));
      return;
    }
    for (const member of members) member.send(text);
  });
});
