import { fileURLToPath } from "node:url";
import type { Subject } from "../subjects.ts";

const file = (name: string): string => fileURLToPath(import.meta.resolve(name));

export const colloquyRooms: Subject = {
  name: "Colloquy",
  wire: "rooms",
  args: ["--conditions=colloquy-source", file("./server.ts")],
  ready: "/readyz",
};

/** The program people glue by hand. */
export const gluedRooms: Subject = {
  name: "streamText + Socket.IO",
  wire: "rooms",
  args: [file("../rivals/rooms-streamtext.ts")],
};

/** Socket.IO alone. */
export const roomEmit: Subject = {
  name: "Socket.IO's room emit",
  wire: "rooms",
  args: [file("../rivals/room-emit.ts")],
};
