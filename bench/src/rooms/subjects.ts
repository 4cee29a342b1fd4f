import { fileURLToPath } from "node:url";
import type { Subject } from "../subjects.ts";

export const colloquyRooms: Subject = {
  name: "Colloquy",
  wire: "rooms",
  args: ["--conditions=colloquy-source", fileURLToPath(import.meta.resolve("./server.ts"))],
  ready: "/readyz",
};

/** The program people glue by hand. */
export const gluedRooms: Subject = {
  name: "streamText + Socket.IO",
  wire: "rooms",
  args: [fileURLToPath(import.meta.resolve("../rivals/rooms-streamtext.ts"))],
};

/** Socket.IO alone. */
export const roomEmit: Subject = {
  name: "Socket.IO's room emit",
  wire: "rooms",
  args: [fileURLToPath(import.meta.resolve("../rivals/room-emit.ts"))],
};
