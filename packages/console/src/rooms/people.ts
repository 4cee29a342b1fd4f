import type { RoomMember } from "@colloquy/client/rooms";

/** Somebody of a room as a line of a list. */
export interface Person {
  readonly name: string;
  readonly isHere: boolean;
  readonly words: string;
}

export const roleNames = ["reader", "writer", "owner"] as const;
export type RoleName = (typeof roleNames)[number];

const roleWords: Readonly<Record<RoleName, string>> = {
  reader: "reads",
  writer: "writes",
  owner: "owner",
};

/** Who is here first, then who may come in; each once, with what is known of them. */
export const peopleOf = (
  here: readonly string[],
  members: readonly RoomMember[],
  me: string | undefined,
): readonly Person[] => {
  const roles = new Map(members.map(({ user, role }) => [user, role]));
  const present = new Set(here);
  return [...new Set([...here, ...roles.keys()])].map((name) => {
    const role = roles.get(name);
    const isHere = present.has(name);
    const words = [name === me ? "you" : undefined, role && roleWords[role], isHere ? undefined : "not here"];
    return { name, isHere, words: words.filter((word) => word !== undefined).join(" · ") };
  });
};

const several = new Intl.ListFormat("en");

/** How many are named before the rest is counted. */
const named = 4;

/** Who sees what is asked in a room, in a sentence: those who were invited. */
export const audienceWords = (members: readonly RoomMember[], me: string | undefined): string => {
  const others = members.map(({ user }) => user).filter((user) => user !== me);
  if (others.length === 0) return "Only you and those whom you invite see the answers grow, on every device.";
  const rest = others.length - named;
  const names = rest > 1 ? [...others.slice(0, named), `${rest} others`] : others;
  return `${several.format(["You", ...names])} see the same answer grow, on every device.`;
};

/** Who types, in a sentence; empty when nobody does. */
export const typingWords = (users: readonly string[]): string => {
  const [first, second] = users;
  if (first === undefined) return "";
  if (second === undefined) return `${first} is typing…`;
  return users.length === 2 ? `${first} and ${second} are typing…` : `${users.length} people are typing…`;
};
