import { roomsNamespace } from "@colloquy/protocol/rooms";

/** Where rooms are at a server: `uri` names its origin and the namespace, `path` is Engine.IO's. */
export interface RoomAddress {
  readonly uri: string;
  readonly path: string;
}

/**
 * The address of the rooms at a server that is reached at `url`, also when that is below a path.
 *
 * @throws TypeError where `url` is none
 */
export const roomAddress = (url: string): RoomAddress => {
  const { protocol, host, pathname } = new URL(url.replace(/^ws/, "http"));
  const base = pathname.endsWith("/") ? pathname : `${pathname}/`;
  return { uri: `${protocol}//${host}${roomsNamespace}`, path: `${base}socket.io/` };
};
