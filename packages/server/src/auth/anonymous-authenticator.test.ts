import { expect, test } from "vitest";
import { systemClock } from "../kernel/clock.ts";
import { createAnonymousAuthenticator } from "./anonymous-authenticator.ts";
import { createFirstAuthenticator } from "./first-authenticator.ts";
import { createJwtAuthenticator } from "./jwt-authenticator.ts";

const anonymous = createAnonymousAuthenticator((credentials) => credentials.remoteAddress === "127.0.0.1");

test("P11 anonymous are those whom the rule lets pass", async () => {
  expect((await anonymous.identify({ remoteAddress: "127.0.0.1", headers: {} }))?.anonymous).toBe(true);
  expect(await anonymous.identify({ remoteAddress: "10.0.0.1", headers: {} })).toBeUndefined();
});

test("P11 a bad token does not make its bearer anonymous", async () => {
  const jwt = createJwtAuthenticator({ key: { kind: "secret", secret: "s".repeat(32) }, clock: systemClock });
  const both = createFirstAuthenticator([jwt, anonymous]);
  expect((await both.identify({ remoteAddress: "127.0.0.1", headers: {} }))?.user).toBe("anonymous");
  await expect(
    both.identify({ remoteAddress: "127.0.0.1", headers: {}, token: "bad" }),
  ).rejects.toMatchObject({ code: "token_invalid" });
});
