import { ColloquyError } from "../kernel/colloquy-error.ts";
import type { Rooms } from "./rooms.ts";

export const createRooms = (): Rooms => {
  const refuse = (): never => {
    throw new ColloquyError("not_available");
  };
  return {
    find: async () => refuse(),
    create: async () => refuse(),
    open: async () => refuse(),
    say: async () => refuse(),
    configure: async () => refuse(),
    invite: async () => refuse(),
    members: async () => refuse(),
    sit: refuse,
  };
};
