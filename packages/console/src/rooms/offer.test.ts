import { expect, test } from "vitest";
import { firstModel, noOffer, readOffer } from "./offer.ts";

const told = {
  models: [
    { id: "openai:gpt", name: "GPT", provider: "openai", capabilities: { images: true }, contextTokens: 1 },
    { id: "demo:guide" },
    { name: "without an id" },
    null,
  ],
  sources: ["aisuite", 7],
};

test("an offer is read as far as it can be", () => {
  expect(readOffer(told)).toEqual({
    models: [
      { id: "openai:gpt", name: "GPT", provider: "openai", images: true },
      { id: "demo:guide", name: "demo:guide", provider: "", images: false },
    ],
    sources: ["aisuite"],
  });
  for (const nonsense of [null, 7, {}, { models: 1 }]) expect(readOffer(nonsense)).toEqual(noOffer);
});

test("a new room gets the model that was last chosen, while there is one of that name", () => {
  const offer = readOffer(told);
  expect(firstModel(offer, "demo:guide")).toBe("demo:guide");
  expect(firstModel(offer, "gone:model")).toBe("openai:gpt");
  expect(firstModel(offer, undefined)).toBe("openai:gpt");
  expect(firstModel(noOffer, undefined)).toBe("demo:guide");
});
