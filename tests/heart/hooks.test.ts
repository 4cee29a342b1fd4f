import { expect, test } from "vitest";
import { ColloquyError } from "../../packages/server/src/kernel/colloquy-error.ts";
import { ada, makeBed } from "./bed.ts";
import { createPuppet } from "./puppet-model.ts";

/** What a prompt is refused with when the hook throws this. */
const refusalOf = async (thrown: unknown): Promise<ColloquyError> => {
  const hooks = {
    beforePrompt: (): void => {
      throw thrown;
    },
  };
  const { heart, store } = await makeBed({ model: createPuppet(), hooks });
  const refusal = await heart.prompt(ada, "channel:a", { text: "one" }).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(await store.lead("channel:a", false)).toBeUndefined();
  if (refusal instanceof ColloquyError) return refusal;
  throw new Error("no refusal", { cause: refusal });
};

test("P12 a hook that refused a prompt with a plain error was answered as a fault of the server", async () => {
  const { code, message, retry } = await refusalOf(new Error("Please keep to gardening."));
  expect({ code, message, retry }).toEqual({
    code: "refused",
    message: "Please keep to gardening.",
    retry: false,
  });
  expect((await refusalOf("Not on Sundays.")).message).toBe("Not on Sundays.");
  expect((await refusalOf(new Error(""))).message).toBe("That was refused here.");
  expect((await refusalOf(new Error("x".repeat(100_000)))).message.length).toBe(500);
});

test("P12 a hook's own code is kept", async () => {
  const { code } = await refusalOf(new ColloquyError("rate_limited", { message: "Later." }));
  expect(code).toBe("rate_limited");
});

test("P12 a hook that is broken shows nobody why", async () => {
  for (const fault of [
    new TypeError("secret is not a function"),
    Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED", syscall: "connect" }),
  ]) {
    await expect(refusalOf(fault)).rejects.toThrow("no refusal");
  }
});

test("a prompt is stored as the hook has it", async () => {
  const hooks = { beforePrompt: async () => ({ text: "two" }) };
  const { heart, store } = await makeBed({ model: createPuppet(), hooks });
  await heart.prompt(ada, "channel:a", { text: "one" });
  expect(await store.readAfter("channel:a", 0, 1)).toMatchObject([{ kind: "prompt", text: "two" }]);
});
