import { describe, expect, it } from "vitest";
import { actionsOf, closeAfterEach, live, startClient } from "../../../tests/stand-ins/start-client.ts";
import { until } from "../../../tests/stand-ins/until.ts";

closeAfterEach();

describe("a token", () => {
  it("P11 is shown before anything is asked", async () => {
    const { hub, client } = await startClient({ tokens: ["t1"] }, { token: "t1" });
    await live(client.conversation("c"));
    expect(actionsOf(hub).slice(0, 2)).toStrictEqual(["authenticate", "subscribe"]);
  });

  it("that is refused ends the matter, with the hub's sentence", async () => {
    const { hub, client, logs } = await startClient({ tokens: ["t1"] }, { token: "wrong" });
    client.conversation("c");
    await until(() => client.connection.phase === "closed");
    expect(client.connection.reason).toBe("That token was not accepted.");
    expect(hub.accepted).toBe(1);
    expect(JSON.stringify(logs)).not.toContain("wrong");
  });

  it("from a function is asked for again when it was refused", async () => {
    const tokens = ["expired", "t1"];
    const { hub, client } = await startClient(
      { tokens: ["t1"] },
      { token: async () => tokens.shift() ?? "none" },
    );
    await live(client.conversation("c"));
    expect(hub.accepted).toBe(2);
  });

  it("from a function that gives the refused one again ends the matter", async () => {
    const { client } = await startClient({ tokens: ["t1"] }, { token: async () => "wrong" });
    client.conversation("c");
    await until(() => client.connection.phase === "closed");
    expect(client.connection.reason).toBe("That token was not accepted.");
  });

  it("is renewed on the live connection before it expires", async () => {
    let count = 0;
    const token = async () => `t${(count += 1)}`;
    const { hub, client } = await startClient(
      { tokens: ["t1", "t2"], expiresAt: () => (Date.now() + 100) / 1000 },
      { token, times: { renewMs: 10 } },
    );
    await live(client.conversation("c"));
    await until(() => actionsOf(hub).filter((action) => action === "authenticate").length === 2);
    expect(hub.accepted).toBe(1);
  });

  it("that has expired in the middle is replaced, and what was refused is asked again", async () => {
    let count = 0;
    const { hub, client } = await startClient(
      { tokens: ["t1", "t2"] },
      { token: async () => `t${(count += 1)}` },
    );
    const conversation = client.conversation("c");
    await live(conversation);
    hub.refusals.set("prompt", "token_expired");
    await conversation.prompt("Hi", { messageId: "m1" });
    expect(hub.channel("c").entries).toHaveLength(1);
    expect(hub.accepted).toBe(1);
  });

  it("that cannot be had is waited for", async () => {
    let failures = 2;
    const token = async () => {
      if (failures-- > 0) throw new Error("sign-in service is away");
      return "t1";
    };
    const { client, logs } = await startClient({ tokens: ["t1"] }, { token });
    await live(client.conversation("c"));
    expect(logs.filter((event) => event.event === "token")).toHaveLength(2);
  });

  it("goes unanswered by a hub of part 1, which serves nonetheless", async () => {
    const { client } = await startClient({ part: 1 }, { token: "t1", times: { answerMs: 30 } });
    await live(client.conversation("c"));
    expect(client.connection.phase).toBe("open");
  });
});
