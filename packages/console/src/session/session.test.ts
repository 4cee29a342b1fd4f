import { ClientError } from "@colloquy/client";
import { expect, test } from "vitest";
import { memoryKeep } from "../parts/memory-keep.ts";
import { createSession } from "./session.ts";
import { refusalInLog } from "./session-refusal.ts";
import { baseUrl, socketUrl } from "./socket-url.ts";
import { tokenUser } from "./token-user.ts";

const tokenOf = (claims: object): string =>
  `h.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.s`;

test("the socket is beside the page, under its own scheme", () => {
  expect(socketUrl({ href: "http://localhost:8080/#/c/a" })).toBe("ws://localhost:8080/ws");
  expect(socketUrl({ href: "https://example.org/chat/?x#/c/a" })).toBe("wss://example.org/chat/ws");
  expect(baseUrl({ href: "https://example.org/chat/?x#/c/a" })).toBe("https://example.org/chat/");
});

test("a token tells who one is, and nonsense tells nothing", () => {
  expect(tokenUser(tokenOf({ sub: "ad\u00e4" }))).toBe("ad\u00e4");
  expect(tokenUser(tokenOf({ user_id: 7 }))).toBe("7");
  for (const token of ["", "a.b.c", "x", tokenOf([]), tokenOf({ sub: {} })])
    expect(tokenUser(token)).toBeUndefined();
});

test("the server's wish to know who is there is heard, other refusals are not", () => {
  const lost = { event: "lost", code: 1006, reason: "That token was not accepted." } as const;
  const refused = { event: "refused", message: "", channel: "connection" } as const;
  expect(refusalInLog({ ...lost, code: 4401 }, false)).toEqual({});
  expect(refusalInLog(lost, true)).toEqual({ message: lost.reason });
  expect(refusalInLog(lost, false)).toBeUndefined();
  expect(refusalInLog({ ...lost, retryInMs: 5 }, true)).toBeUndefined();
  expect(refusalInLog({ ...refused, code: "not_authenticated" }, false)).toEqual({});
  expect(refusalInLog({ ...refused, code: "token_expired" }, true)?.message).toContain("expired");
  expect(refusalInLog({ ...refused, code: "not_allowed" }, true)).toBeUndefined();
  expect(refusalInLog({ event: "token", error: new ClientError("token_invalid") }, true)?.message).toContain(
    "not accepted",
  );
});

test("signing in makes a new client and keeps the token for this tab; a refusal forgets it", () => {
  const keep = memoryKeep();
  const session = createSession({ socket: "ws://127.0.0.1:9/ws", base: "http://127.0.0.1:9/" }, { keep });
  const { client, rooms } = session.state();
  expect(session.state()).toMatchObject({ user: "anonymous", signedIn: false });
  let changes = 0;
  session.subscribe(() => (changes += 1));
  session.refused("not_allowed");
  expect(changes).toBe(0);
  session.refused("not_authenticated");
  expect(session.state().refusal).toEqual({});
  const token = tokenOf({ sub: "ada" });
  session.signIn(token);
  expect(session.state()).toMatchObject({ user: "ada", signedIn: true });
  expect(session.state().refusal).toBeUndefined();
  expect(session.state().client).not.toBe(client);
  expect(client.connection.phase).toBe("closed");
  expect(rooms.connection.phase).toBe("closed");
  expect(keep.get("token")).toBe(token);
  session.refused("token_expired");
  session.refused("not_authenticated");
  expect(session.state().refusal?.message).toContain("expired");
  expect(keep.get("token")).toBeUndefined();
  session.signOut();
  expect(session.state()).toMatchObject({ user: "anonymous", signedIn: false });
});
