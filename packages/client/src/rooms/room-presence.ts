import { type Fields, isFields } from "../read-payload.ts";
import { word } from "./read-room.ts";
import type { PresenceView } from "./rooms-client.ts";

/** Somebody who was heard typing is taken to do so for this long. */
const typingMs = 4_000;
/** One's own typing is told this often at most. */
const tellMs = 2_000;

/** Who is in a room and who types, as events tell it. */
export interface RoomPresence {
  view(): PresenceView;
  /** The whole present state. */
  all(users: readonly string[]): void;
  /** An event of the room. */
  heard(event: string, payload: Fields): void;
  /** Whether one's own typing should be told now. */
  tells(now: number): boolean;
  /** The connection is gone: nobody is heard typing. */
  quiet(): void;
}

export const createRoomPresence = (changed: () => void): RoomPresence => {
  let view: PresenceView = { here: [], typing: [] };
  let told = Number.NEGATIVE_INFINITY;
  const timers = new Map<string, ReturnType<typeof setTimeout>>();

  const put = (next: PresenceView): void => {
    view = next;
    changed();
  };
  const stop = (user: string): void => {
    if (!timers.has(user)) return;
    clearTimeout(timers.get(user));
    timers.delete(user);
    put({ ...view, typing: [...timers.keys()] });
  };

  const joined = (user: string): void => {
    if (!view.here.includes(user)) put({ ...view, here: [...view.here, user] });
  };
  const left = (user: string): void => {
    stop(user);
    if (view.here.includes(user)) put({ ...view, here: view.here.filter((other) => other !== user) });
  };
  const typing = (user: string): void => {
    const fresh = !timers.has(user);
    clearTimeout(timers.get(user));
    timers.set(
      user,
      setTimeout(() => stop(user), typingMs),
    );
    if (fresh) put({ ...view, typing: [...timers.keys()] });
  };

  return {
    view: () => view,
    all: (users) => put({ ...view, here: [...new Set(users)] }),
    heard(event, payload) {
      const data = payload["data"];
      const user = word(payload["user_id"]);
      if (user !== undefined && event === "user_joined") joined(user);
      else if (user !== undefined && event === "user_left") left(user);
      else if (user !== undefined && event === "typing") typing(user);
      // They have sent what they were typing.
      else if (event === "receive_message" && isFields(data)) stop(word(data["user_id"]) ?? "");
    },
    tells(now) {
      if (now - told < tellMs) return false;
      told = now;
      return true;
    },
    quiet() {
      for (const timer of timers.values()) clearTimeout(timer);
      const had = timers.size > 0;
      timers.clear();
      if (had) put({ ...view, typing: [] });
    },
  };
};
