import { expect, test } from "vitest";
import { roomOffer } from "./room-offer.ts";

const models = ["openai:a", "demo:guide", "demo:tools", "openai:b"].map((id) => ({ id }));
const ids = (usual: string, mayHave: (id: string) => boolean = () => true): string[] =>
  roomOffer(models, usual, mayHave).map(({ id }) => id);

test("a new room is offered the server's model first, and the demo that calls tools rather than the one that talks", () => {
  expect(ids("openai:b")).toEqual(["openai:b", "openai:a", "demo:guide", "demo:tools"]);
  expect(ids("demo:guide")).toEqual(["demo:tools", "openai:a", "demo:guide", "openai:b"]);
  expect(ids("demo:guide", (id) => id !== "demo:tools")).toEqual(["demo:guide", "openai:a", "openai:b"]);
  expect(ids("gone:model")).toEqual(["openai:a", "demo:guide", "demo:tools", "openai:b"]);
});
