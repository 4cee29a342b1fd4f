import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { type HubOptions, startHub } from "../../../tests/stand-ins/hub.ts";
import {
  actionsOf,
  closeAfterEach,
  live,
  startClient,
  turnOf,
} from "../../../tests/stand-ins/start-client.ts";
import { until } from "../../../tests/stand-ins/until.ts";
import { createPublisher } from "./create-publisher.ts";
import { publishAnswer } from "./publish-answer.ts";
import type { PublisherFailure, PublisherOptions } from "./publisher.ts";

closeAfterEach();
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

const start = async (hubOptions: HubOptions = {}, options: Partial<PublisherOptions> = {}) => {
  const hub = await startHub(hubOptions);
  const failures: PublisherFailure[] = [];
  const publisher = createPublisher({
    url: hub.url,
    connect: { wait: 1 },
    send: { wait: 1 },
    onFailure: (failure) => failures.push(failure),
    ...options,
  });
  open.push(hub, publisher);
  return { hub, publisher, failures };
};
const operations = (failures: readonly PublisherFailure[]) =>
  failures.map(({ operation, attempt, last }) => `${operation} ${attempt}${last ? " last" : ""}`);

describe("createPublisher", () => {
  it("connects when first something is sent, and leaves what it subscribed to", async () => {
    const { hub, publisher, failures } = await start({ part: 1 });
    await publisher.subscribe("c");
    await publisher.send("c", { hello: "world" });
    expect(publisher.connected).toBe(true);
    await publisher.close();
    await publisher.close();
    await until(() => hub.frames.length === 3);
    expect(hub.frames).toStrictEqual([
      { channel: "subscription", payload: { action: "subscribe", channel: "c" } },
      { channel: "c", payload: { hello: "world" } },
      { channel: "subscription", payload: { action: "unsubscribe", channel: "c" } },
    ]);
    expect(failures).toStrictEqual([]);
    await expect(publisher.send("c", {})).rejects.toMatchObject({ code: "closed" });
  });

  it("after a cut connects, subscribes and sends again", async () => {
    const { hub, publisher, failures } = await start({ part: 1 });
    await publisher.subscribe("c");
    await until(() => hub.frames.length === 1);
    hub.cut();
    await until(() => !publisher.connected);
    await publisher.send("c", { hello: "again" });
    await until(() => hub.frames.length === 3);
    expect(actionsOf(hub)).toStrictEqual(["subscribe", "subscribe", "plain"]);
    expect(operations(failures)).toStrictEqual(["connection 1 last"]);
  });

  it("P12 gives up after the tries that it has, and tells each", async () => {
    const { hub, publisher, failures } = await start(
      {},
      { connect: { tries: 2, wait: { baseMs: 1, maxMs: 2 } }, send: { tries: 2, wait: 1 } },
    );
    hub.admit = false;
    await expect(publisher.connect()).rejects.toMatchObject({ code: "unreachable", retry: true });
    expect(operations(failures)).toStrictEqual(["connect 1", "connect 2 last"]);
    failures.length = 0;
    await expect(publisher.send("c", {})).rejects.toMatchObject({ code: "unreachable" });
    expect(operations(failures)).toStrictEqual([
      "connect 1",
      "connect 2 last",
      "send 1",
      "connect 1",
      "connect 2 last",
      "send 2 last",
    ]);
    hub.admit = true;
    await publisher.send("c", {});
  });

  it("keeps the order of the calls, also while an earlier one is tried again", async () => {
    const { hub, publisher, failures } = await start(
      { part: 1 },
      { connect: { tries: 1 }, send: { wait: 50 } },
    );
    hub.admit = false;
    const first = publisher.send("c", { n: 1 });
    await until(() => failures.some(({ operation }) => operation === "send"));
    hub.admit = true;
    await Promise.all([first, publisher.send("c", { n: 2 }), publisher.send("c", { n: 3 })]);
    await until(() => hub.frames.length === 3);
    expect(hub.frames.map((frame) => frame["payload"])).toStrictEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  it("stops trying when the signal aborts", async () => {
    const { hub, publisher } = await start({}, { connect: { tries: 99, wait: 60_000 } });
    hub.admit = false;
    const stop = new AbortController();
    const sent = publisher.send("c", {}, stop.signal).catch((error: unknown) => error);
    stop.abort(new Error("enough"));
    expect(await sent).toMatchObject({ message: "enough" });
  });

  it("P11 shows its token first, and does not insist when it is refused", async () => {
    const { hub, publisher } = await start({ tokens: ["t1"] }, { token: "t1" });
    await publisher.send("c", {});
    await until(() => hub.frames.length === 2);
    expect(actionsOf(hub)).toStrictEqual(["authenticate", "plain"]);
    const wrong = await start({ tokens: ["t1"] }, { token: "wrong" });
    await expect(wrong.publisher.connect()).rejects.toMatchObject({ code: "token_invalid", retry: false });
    expect(operations(wrong.failures)).toContain("connect 1 last");
    expect(wrong.hub.accepted).toBe(1);
  });

  it("tells what the hub refused", async () => {
    const { hub, publisher, failures } = await start();
    await publisher.connect();
    hub.raw(
      '{"channel":"c","payload":{"type":"error","status":"error","code":"not_allowed","message":"No."}}',
    );
    await until(() => failures.length > 0);
    expect(failures).toMatchObject([
      { operation: "refused", channel: "c", error: { code: "not_allowed", message: "No." } },
    ]);
  });

  it("notices by its pings that the hub is gone", async () => {
    const { hub, publisher, failures } = await start({}, { WebSocket, pingMs: 200 });
    await publisher.connect();
    hub.frozen = true;
    await until(() => failures.some(({ operation }) => operation === "ping"));
    await until(() => !publisher.connected);
    hub.frozen = false;
    await publisher.send("c", {});
    await until(() => hub.frames.length === 1);
    expect(hub.accepted).toBe(2);
  });

  it("with publishAnswer tells a client of the hub the whole answer, over a cut too", async () => {
    const { hub, client } = await startClient({ part: 1 }, { times: { answerMs: 50 } });
    const conversation = client.conversation("c");
    await live(conversation);
    const publisher = createPublisher({ url: hub.url, connect: { wait: 1 }, send: { wait: 1 } });
    open.push(publisher);
    const stream = (async function* () {
      yield "Hel";
      await until(() => turnOf(conversation, "m1")?.text === "Hel");
      hub.cut();
      await until(() => actionsOf(hub).filter((action) => action === "subscribe").length === 2);
      await live(conversation);
      yield "lo";
    })();
    await publishAnswer(publisher, { channel: "c", messageId: "m1", intervalMs: 1 }, stream);
    await until(() => turnOf(conversation, "m1")?.state === "completed");
    expect(turnOf(conversation, "m1")?.text).toBe("Hello");
  });
});
