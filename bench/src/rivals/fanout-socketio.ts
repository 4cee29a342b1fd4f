/** Plain fan-out with Socket.IO: join a room, emit to the room. */
import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer();
const io = new Server(http);

io.on("connection", (socket) => {
  socket.on("join", (room: string) => void socket.join(room));
  socket.on("publish", (room: string, value: unknown) => io.to(room).emit("message", value));
});

http.listen(Number(process.env["PORT"]), "127.0.0.1");
