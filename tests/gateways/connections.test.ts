import { connect, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { makeBed } from "../heart/bed.ts";
import { createPuppet } from "../heart/puppet-model.ts";
import { until } from "../stand-ins/until.ts";
import { createHandClock } from "./hand-clock.ts";
import { dribble, knock } from "./knock.ts";
import { setStage, type StageOptions } from "./stage.ts";

const arrange = async (more: Partial<StageOptions> = {}) => {
  const clock = createHandClock();
  const { heart } = await makeBed({ model: createPuppet() });
  return { clock, stage: await setStage({ conversations: heart, clock, ...more }) };
};

const refused = (status: number, code: string) => ({
  status,
  body: { code, message: expect.any(String), retry: expect.any(Boolean) },
});

test("P11 a foreign Origin is refused with 403, a foreign Host with 421; one's own and listed ones are welcome", async () => {
  const { stage } = await arrange({
    admission: { origins: ["https://app.example"], hosts: ["chat.example"] },
  });
  const host = `127.0.0.1:${stage.port}`;
  const welcome = [
    {},
    { origin: `http://${host}` },
    { origin: "https://app.example" },
    { host: "localhost:1234" },
    { host: "chat.example", origin: "https://chat.example" },
  ];
  for (const headers of welcome)
    expect(await knock(stage.port, "/ws", headers)).toMatchObject({ status: 101 });
  for (const origin of ["https://evil.example", "null", `http://evil.example:${stage.port}`]) {
    expect(await knock(stage.port, "/ws", { origin })).toMatchObject(refused(403, "origin_refused"));
  }
  for (const rebound of ["evil.example", "chat.example.evil.example"]) {
    expect(await knock(stage.port, "/ws", { host: rebound })).toMatchObject(refused(421, "host_refused"));
  }
});

test("other paths get 404, another protocol than WebSocket 426, a broken handshake 400", async () => {
  const { stage } = await arrange();
  expect(await knock(stage.port, "/")).toMatchObject(refused(404, "not_found"));
  expect(await knock(stage.port, "/ws/../secret?/ws")).toMatchObject(refused(404, "not_found"));
  expect(await knock(stage.port, "//ws")).toMatchObject({ status: 404 });
  expect(await knock(stage.port, "/ws", { upgrade: "h2c" })).toMatchObject({
    ...refused(426, "bad_frame"),
    headers: { upgrade: "websocket" },
  });
  expect(await knock(stage.port, "/ws", { "sec-websocket-key": "short" })).toMatchObject({ status: 400 });
  expect(await knock(stage.port, "/ws?x=1")).toMatchObject({ status: 101 });
});

test("P5 more connections than are allowed get 503, until one has gone", async () => {
  const { stage } = await arrange({ settings: { maxConnections: 2 } });
  const first = await stage.call();
  await stage.call();
  expect(await knock(stage.port, "/ws")).toMatchObject(refused(503, "too_many_connections"));
  first.hangUp();
  await until(() => stage.meter.connections === 1);
  await stage.call();
  expect(stage.meter.connections).toBe(2);
});

test("P5 a handshake that dribbles in is cut off by the HTTP server, and others are served meanwhile", async () => {
  const server = { headersTimeout: 50, connectionsCheckingInterval: 10 };
  const { stage } = await arrange({ server });
  const slow = dribble(stage.port, "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: web");
  const caller = await stage.call();
  await caller.settled();
  expect(await slow).toMatch(/^HTTP\/1\.1 408 /);
  await caller.settled();
  expect(stage.meter.connections).toBe(1);
});

/** A socket that shook hands and then neither reads nor writes, as one does whose peer lost its network. */
const halfOpen = (port: number): Promise<Socket> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.write(
        "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
      );
    });
    onTestFinished(() => void socket.destroy());
    socket.on("error", () => {});
    socket.once("data", () => resolve(socket.pause()));
  });

test("P5 a half-open socket is dropped after two minutes of total silence; one that answers pings is kept", async () => {
  const { clock, stage } = await arrange();
  await halfOpen(stage.port);
  const caller = await stage.call();
  let pings = 0;
  caller.socket.on("ping", () => (pings += 1));
  for (let i = 1; i <= 3; i += 1) {
    clock.advance(30_500);
    await until(() => pings === i);
    await caller.settled();
  }
  expect(stage.meter.connections).toBe(2);
  clock.advance(30_500);
  await until(() => stage.meter.connections === 1);
  await caller.settled();
});

test("any byte counts as life: a publisher that answers no ping is not cut off while it publishes", async () => {
  const { clock, stage } = await arrange();
  const publisher = await stage.call({ autoPong: false });
  for (let i = 0; i < 10; i += 1) {
    clock.advance(60_000);
    await publisher.settled();
  }
  clock.advance(125_000);
  expect((await publisher.closed).code).toBe(1006);
});

test("goodbye: every connection is closed with 1012 and told when to come back, spread over time", async () => {
  const { clock, stage } = await arrange();
  const callers = await Promise.all(Array.from({ length: 20 }, () => stage.call()));
  const gone = stage.gateway.goodbye({ overMs: 1_000, backInMs: 500 });
  expect(await knock(stage.port, "/ws")).toMatchObject(refused(503, "draining"));
  clock.advance(500);
  await until(() => stage.meter.connections <= 10);
  expect(stage.meter.connections).toBeGreaterThan(5);
  clock.advance(500);
  const closes = await Promise.all(callers.map(({ closed }) => closed));
  await until(() => stage.meter.connections === 0);
  clock.advance(100);
  await gone;
  for (const { code, reason } of closes) {
    expect(code).toBe(1012);
    const said: unknown = JSON.parse(reason);
    expect(said).toEqual({ reconnectInMs: expect.any(Number) });
  }
  expect(new Set(closes.map(({ reason }) => reason)).size).toBeGreaterThan(10);
});

test("goodbye does not wait for ever for those who do not answer, and not at all once it is cut short", async () => {
  const { clock, stage } = await arrange();
  await halfOpen(stage.port);
  await halfOpen(stage.port);
  const gone = stage.gateway.goodbye({ overMs: 0, backInMs: 0 });
  clock.advance(4_000);
  expect(stage.meter.connections).toBe(2);
  clock.advance(2_000);
  await until(() => stage.meter.connections === 0);
  clock.advance(100);
  await gone;

  const second = await arrange();
  await halfOpen(second.stage.port);
  const stop = new AbortController();
  const cut = second.stage.gateway.goodbye({ overMs: 60_000, backInMs: 0, signal: stop.signal });
  stop.abort();
  second.clock.advance(50);
  await until(() => second.stage.meter.connections === 0);
  second.clock.advance(50);
  await cut;
});

test("close cuts what is left and may be called twice", async () => {
  const { stage } = await arrange();
  const caller = await stage.call();
  caller.subscribe("a");
  await caller.settled();
  await Promise.all([stage.gateway.close(), stage.gateway.close()]);
  expect((await caller.closed).code).toBe(1006);
  await until(() => stage.meter.connections === 0);
});
