import { expect, test } from "vitest";
import type { RelayRequest } from "./conversations.ts";
import { RelayGate } from "./relay-gate.ts";

const frame = (json: string, messageId?: string): RelayRequest => ({
  json,
  form: "payload",
  replaceable: false,
  ...(messageId !== undefined && { messageId }),
});

test("frames pass in the order in which they came, also while a look-up is under way", async () => {
  const gate = Promise.withResolvers<boolean>();
  const passed: string[] = [];
  const relay = new RelayGate(
    (id) => (id === "slow" ? gate.promise : Promise.resolve(false)),
    (request) => passed.push(request.json),
  );
  const all = [
    relay.publish(frame("1", "slow")),
    relay.publish(frame("2", "quick")),
    relay.publish(frame("3")),
  ];
  gate.resolve(false);
  await Promise.all(all);
  expect(passed).toEqual(["1", "2", "3"]);
});

test("P11 a frame that claims to be about a prompt is refused, and those around it are not", async () => {
  const passed: string[] = [];
  const relay = new RelayGate(
    async (id) => id === "prompt",
    (request) => passed.push(request.json),
  );
  const forged = relay.publish(frame("forged", "prompt"));
  const honest = relay.publish(frame("honest", "own"));
  await expect(forged).rejects.toMatchObject({ code: "message_id_taken" });
  await honest;
  relay.forget("own");
  await relay.publish(frame("again", "own"));
  expect(passed).toEqual(["honest", "again"]);
});

test("P12 a look-up that fails refuses its frame and no later one", async () => {
  let broken = true;
  const passed: string[] = [];
  const relay = new RelayGate(
    async () => {
      if (broken) throw new Error("store");
      return false;
    },
    (request) => passed.push(request.json),
  );
  await expect(relay.publish(frame("1", "a"))).rejects.toThrow("store");
  broken = false;
  await relay.publish(frame("2"));
  await relay.publish(frame("3", "a"));
  expect(passed).toEqual(["2", "3"]);
});
