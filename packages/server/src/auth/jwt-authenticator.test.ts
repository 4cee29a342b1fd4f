import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import * as fc from "fast-check";
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock, type Clock } from "../kernel/clock.ts";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import type { Authenticator } from "./authenticator.ts";
import { createJwtAuthenticator } from "./jwt-authenticator.ts";
import { mintToken } from "./mint-token.ts";

const secret = "a secret that is long enough to be one";
const now = 1_800_000_000_000;
const clock: Clock = { ...systemClock, now: () => now };
const inAnHour = now / 1_000 + 3_600;
const grants = { read: ["*"], prompt: ["team-*"], publish: [], stop: ["team-1"] };

const bySecret = createJwtAuthenticator({ key: { kind: "secret", secret }, clock });
const ask = (authenticator: Authenticator, token: string) =>
  authenticator.identify({ remoteAddress: "10.0.0.1", headers: {}, token });
const refusalOf = async (authenticator: Authenticator, token: string): Promise<string> => {
  const thrown: unknown = await ask(authenticator, token).then(
    () => "nothing was thrown",
    (error: unknown) => error,
  );
  if (!(thrown instanceof ColloquyError)) return String(thrown);
  const said = JSON.stringify([thrown.message, thrown.detail, thrown.stack, String(thrown.cause)]);
  if (token.length > 20) expect(said).not.toContain(token);
  return thrown.code;
};
const signed = (payload: JWTPayload, options: { alg?: string; key?: string } = {}): Promise<string> =>
  new SignJWT(payload)
    .setProtectedHeader({ alg: options.alg ?? "HS256" })
    .sign(Buffer.from(options.key ?? secret));
const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

test("P11 a minted token says who it is, what they may do, and until when", async () => {
  const token = await mintToken({ secret, user: "ada", grants, expiresInSeconds: 60, clock });
  expect(await ask(bySecret, token)).toEqual({
    user: "ada",
    anonymous: false,
    grants,
    expiresAt: now + 65_000,
  });
});

test("P11 names to answer under are granted by a claim of their own, and otherwise not at all", async () => {
  const token = await mintToken({
    secret,
    user: "ada",
    grants: { ...grants, serve: ["skill-*"] },
    expiresInSeconds: 60,
    clock,
  });
  expect((await ask(bySecret, token))?.grants).toEqual({ ...grants, serve: ["skill-*"] });
  const claimed = await ask(bySecret, await signed({ sub: "bob", exp: inAnHour, serve: ["clock"] }));
  expect(claimed?.grants).toEqual({ read: [], prompt: [], publish: [], stop: [], serve: ["clock"] });
  expect((await ask(bySecret, await signed({ sub: "bob", exp: inAnHour })))?.grants.serve).toBeUndefined();
});

test("P11 nothing presented is nobody; header and cookie are taken, header first", async () => {
  const ada = await mintToken({ secret, user: "ada", grants, expiresInSeconds: 60, clock });
  const bob = await mintToken({ secret, user: "bob", grants, expiresInSeconds: 60, clock });
  const user = async (headers: Record<string, string>): Promise<string | undefined> =>
    (await bySecret.identify({ remoteAddress: undefined, headers }))?.user;
  expect(await user({})).toBeUndefined();
  expect(await user({ authorization: "Basic YWRhOng=" })).toBeUndefined();
  expect(await user({ cookie: "other=1" })).toBeUndefined();
  expect(await user({ authorization: `Bearer ${ada}` })).toBe("ada");
  expect(await user({ authorization: `bearer ${ada}`, cookie: `access_token=${bob}` })).toBe("ada");
  expect(await user({ cookie: `x=1; access_token=${bob}` })).toBe("bob");
  expect(await user({ authorization: "Basic YWRhOng=", cookie: `access_token="${bob}"` })).toBe("bob");
});

test("P11 user_id names the user rather than sub, and only tokens to sign in with sign in", async () => {
  const both = { sub: "account-7", user_id: "ada", exp: inAnHour };
  expect((await ask(bySecret, await signed({ ...both, token_type: "access" })))?.user).toBe("ada");
  const refresh = ask(bySecret, await signed({ ...both, token_type: "refresh" }));
  await expect(refresh).rejects.toMatchObject({ code: "token_invalid" });
});

test("P11 a token may say what its user is in chats", async () => {
  const said = { sub: "ada", exp: inAnHour, rooms: { "1": "writer" }, channels: { approve: ["lobby"] } };
  expect((await ask(bySecret, await signed(said)))?.grants).toMatchObject({
    rooms: { "1": "writer" },
    approve: ["lobby"],
  });
  const wrong = ask(bySecret, await signed({ ...said, rooms: { "1": "emperor" } }));
  await expect(wrong).rejects.toMatchObject({ code: "token_invalid" });
});

test("P11 user_id names the user where there is no sub, and what is not listed is not granted", async () => {
  const principal = await ask(
    bySecret,
    await signed({ user_id: 7, exp: inAnHour, channels: { read: ["lobby"] } }),
  );
  expect(principal?.user).toBe("7");
  expect(principal?.grants).toEqual({ read: ["lobby"], prompt: [], publish: [], stop: [] });
  const bare = await ask(bySecret, await signed({ sub: "ada", exp: inAnHour }));
  expect(bare?.grants).toEqual({ read: [], prompt: [], publish: [], stop: [] });
});

const good = { sub: "ada", exp: inAnHour };
const header = (alg: string): string => base64({ alg, typ: "JWT" });
const hmac = (hash: string, key: string, text: string): string =>
  createHmac(hash, key).update(text).digest("base64url");

const bad: readonly (readonly [what: string, token: () => Promise<string> | string, code: string])[] = [
  ["not a token", () => "hello", "token_invalid"],
  ["three dots", () => "..", "token_invalid"],
  ["another secret", () => signed(good, { key: `${secret}!` }), "token_invalid"],
  ["a foreign algorithm of the right secret", () => signed(good, { alg: "HS512" }), "token_invalid"],
  ["alg none", () => `${header("none")}.${base64(good)}.`, "token_invalid"],
  ["alg None with a signature", () => `${header("None")}.${base64(good)}.AAAA`, "token_invalid"],
  [
    "a header that lies about the hash",
    () =>
      `${header("HS256")}.${base64(good)}.${hmac("sha512", secret, `${header("HS256")}.${base64(good)}`)}`,
    "token_invalid",
  ],
  ["expired", () => signed({ ...good, exp: now / 1_000 - 6 }), "token_expired"],
  ["not yet", () => signed({ ...good, nbf: now / 1_000 + 60 }), "token_invalid"],
  ["no end", () => signed({ sub: "ada" }), "token_invalid"],
  ["no user", () => signed({ exp: inAnHour }), "token_invalid"],
  ["an empty user", () => signed({ ...good, sub: "" }), "token_invalid"],
  ["names to serve that are no list", () => signed({ ...good, serve: "*" }), "token_invalid"],
  ["channels that are no lists", () => signed({ ...good, channels: { read: "*" } }), "token_invalid"],
  [
    "a critical extension",
    () => `${base64({ alg: "HS256", crit: ["x"], x: 1 })}.${base64(good)}.AAAA`,
    "token_invalid",
  ],
  ["far too long", () => signed({ ...good, sub: "a".repeat(100_000) }), "token_invalid"],
];

test.each(bad)("P11 refused: %s", async (_what, token, code) => {
  expect(await refusalOf(bySecret, await token())).toBe(code);
});

test("P11 a clock that is a little behind the issuer's forgives five seconds", async () => {
  expect((await ask(bySecret, await signed({ ...good, exp: now / 1_000 - 4 })))?.user).toBe("ada");
});

test("P11 a token with any one character changed is refused", async () => {
  const token = await signed(good);
  await fc.assert(
    fc.asyncProperty(
      fc.nat(token.length - 1),
      fc.constantFrom("A", "Z", "a", "z", "0", "9", "-", "_", "."),
      async (at, letter) => {
        // The last character of a signature carries bits that mean nothing.
        fc.pre(token[at] !== letter && at < token.length - 1);
        const changed = token.slice(0, at) + letter + token.slice(at + 1);
        expect(await refusalOf(bySecret, changed)).toBe("token_invalid");
      },
    ),
  );
});

test("P12 whatever is presented, the answer is a code", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ minLength: 1 }), async (text) => {
      expect(await refusalOf(bySecret, text)).toBe("token_invalid");
    }),
  );
});

test("P11 audience and issuer are asked for when configured", async () => {
  const strict = createJwtAuthenticator({
    key: { kind: "secret", secret },
    audience: "chat",
    issuer: "me",
    clock,
  });
  const mint = (audience?: string, issuer?: string): Promise<string> =>
    mintToken({
      secret,
      user: "ada",
      grants,
      expiresInSeconds: 60,
      clock,
      ...(audience && { audience }),
      ...(issuer && { issuer }),
    });
  expect((await ask(strict, await mint("chat", "me")))?.user).toBe("ada");
  expect(await refusalOf(strict, await mint("other", "me"))).toBe("token_invalid");
  expect(await refusalOf(strict, await mint("chat", "you"))).toBe("token_invalid");
  expect(await refusalOf(strict, await mint())).toBe("token_invalid");
});

test("P11 a short secret is refused before anything is signed with it", () => {
  expect(() => createJwtAuthenticator({ key: { kind: "secret", secret: "x".repeat(31) }, clock })).toThrow(
    "32 bytes",
  );
});

let jwks: unknown = { keys: [] };
const keyServer = createServer(
  (_request, response) => void response.end(typeof jwks === "string" ? jwks : JSON.stringify(jwks)),
);
const keyUrl = (): URL => {
  const address = keyServer.address();
  return new URL(`http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/keys`);
};
beforeAll(() => new Promise<void>((resolve) => void keyServer.listen(0, "127.0.0.1", resolve)));
afterAll(() => new Promise<void>((resolve) => void keyServer.close(() => resolve())));

test.each(["RS256", "ES256"])(
  "P11 %s by public keys; nothing signed with those keys as a secret",
  async (alg) => {
    const { publicKey, privateKey } = await generateKeyPair(alg);
    const publicJwk = { ...(await exportJWK(publicKey)), alg, kid: "one", use: "sig" };
    jwks = { keys: [publicJwk] };
    const byKeys = createJwtAuthenticator({ key: { kind: "jwks", url: keyUrl() }, clock });
    const sign = (kid: string): Promise<string> =>
      new SignJWT(good).setProtectedHeader({ alg, kid }).sign(privateKey);
    expect((await ask(byKeys, await sign("one")))?.user).toBe("ada");
    expect(await refusalOf(byKeys, await sign("two"))).toBe("token_invalid");
    expect(await refusalOf(byKeys, await signed(good, { key: JSON.stringify(publicJwk) }))).toBe(
      "token_invalid",
    );
    expect(await refusalOf(bySecret, await sign("one"))).toBe("token_invalid");
  },
);

test("P12 keys that cannot be fetched are not the bearer's fault", async () => {
  const { privateKey } = await generateKeyPair("ES256");
  const token = await new SignJWT(good).setProtectedHeader({ alg: "ES256", kid: "one" }).sign(privateKey);
  for (const answer of ["<html>", '{"keys": 1}']) {
    jwks = answer;
    expect(
      await refusalOf(createJwtAuthenticator({ key: { kind: "jwks", url: keyUrl() }, clock }), token),
    ).toBe("auth_unavailable");
  }
  const nowhere = new URL("http://127.0.0.1:1/keys");
  expect(await refusalOf(createJwtAuthenticator({ key: { kind: "jwks", url: nowhere }, clock }), token)).toBe(
    "auth_unavailable",
  );
});
