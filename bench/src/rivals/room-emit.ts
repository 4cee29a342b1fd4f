/** What Socket.IO's own room emit costs: members join a room, and what a publisher says goes to the room as an event of the rooms wire. */
import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer();
const io = new Server(http);
const namespace = io.of("/assistant/realtime");
const roomId = "room_00000000-0000-4000-8000-000000000000";

namespace.on("connection", (socket) => {
  socket.on("find_chat", ({ chat_id }: { chat_id: string }) =>
    socket.emit(`room_found ${chat_id}`, { room_id: roomId, chat_id }),
  );
  socket.on("join_room", ({ room_id }: { room_id: string }) => {
    void socket.join(room_id);
    socket.emit(`room_joined ${room_id}`, { room_id });
  });
  socket.on("publish", (room: string, chunk: unknown) => {
    namespace.to(room).emit(`stream_chunk ${room}`, chunk);
  });
});

http.listen({ port: Number(process.env["PORT"]), host: "127.0.0.1", backlog: 4096 });
