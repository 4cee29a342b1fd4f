/** Where `ws` keeps the limit of a connection's frames. It has no public way to change it for one connection. */
interface Receiver {
  _maxPayload: number;
}

const isReceiver = (value: unknown): value is Receiver =>
  typeof value === "object" &&
  value !== null &&
  "_maxPayload" in value &&
  typeof value._maxPayload === "number";

/**
 * Changes how large a frame `ws` takes on a connection before it closes it at once. Those who have not said who they are
 * get a small one, so the server is made with that, and it is raised when they have. Reaches for an inner field of the
 * pinned `ws`; a test notices if that field goes away, and until then such a `ws` would keep the small limit.
 *
 * @returns whether the limit was changed
 */
export const limitFrames = (ws: object, bytes: number): boolean => {
  const receiver: unknown = Reflect.get(ws, "_receiver");
  if (!isReceiver(receiver)) return false;
  receiver._maxPayload = bytes;
  return true;
};
