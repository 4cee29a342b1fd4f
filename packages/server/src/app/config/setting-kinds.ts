import { z } from "zod";

/**
 * Kinds of settings. Each takes what an environment variable can hold (text) and what a configuration file would hold
 * (numbers, lists, true and false); its error says what is wrong with the value, as the end of a sentence.
 */

const trimmed = (value: unknown): unknown => (typeof value === "string" ? value.trim() : value);

export const wholeNumber = (least: number, most: number) => {
  const wrong = `is not a whole number from ${least} to ${most}`;
  return z.preprocess(
    (value) => (typeof value === "string" && /^\s*-?\d+\s*$/.test(value) ? Number(value) : value),
    z.int(wrong).min(least, wrong).max(most, wrong),
  );
};

const flags = new Map<unknown, boolean>([
  ["1", true],
  ["true", true],
  ["yes", true],
  ["0", false],
  ["false", false],
  ["no", false],
]);

export const flag = () =>
  z.preprocess(
    (value) => (typeof value === "string" ? (flags.get(value.trim().toLowerCase()) ?? value) : value),
    z.boolean("is neither 1 nor 0"),
  );

export const text = () => z.preprocess(trimmed, z.string("is not text").min(1, "is empty"));

/** Text of which no part may be lost, also not space at its ends. */
export const secret = (leastBytes: number) =>
  z
    .string("is not text")
    .refine((value) => Buffer.byteLength(value) >= leastBytes, `is shorter than ${leastBytes} bytes`);

/** A secret that travels in a header. */
export const bearerKey = (leastBytes: number) =>
  secret(leastBytes).regex(/^[\x21-\x7e]*$/, "holds more than plain letters, digits and signs");

export const oneOf = <const T extends readonly [string, ...string[]]>(choices: T) =>
  z.preprocess(trimmed, z.enum(choices, `is none of ${choices.join(", ")}`));

export const list = (item: z.ZodType<string>) =>
  z.preprocess(
    (value) =>
      typeof value === "string"
        ? value
            .split(",")
            .map((part) => part.trim())
            .filter((part) => part !== "")
        : value,
    z.array(item, "is not a list"),
  );

/** An address to ask over HTTP; plain `http:` only where nobody else can listen, if `secure`. */
export const httpUrl = (secure: boolean, isLocal: (host: string) => boolean) =>
  z
    .preprocess(trimmed, z.union([z.instanceof(URL), z.string()], "is not an address"))
    .transform((value, context) => {
      const url = URL.parse(value);
      const fault = (message: string): typeof z.NEVER => {
        context.addIssue({ code: "custom", message });
        return z.NEVER;
      };
      if (!url || (url.protocol !== "https:" && url.protocol !== "http:"))
        return fault("is not an http(s) address");
      if (url.username !== "" || url.password !== "") return fault("carries a user name or password");
      if (secure && url.protocol === "http:" && !isLocal(url.hostname)) return fault("is not https");
      return url;
    });

/** A model's id, `provider:model`. */
export const modelId = z
  .string("is not a model's id")
  .regex(/^[a-z][a-z0-9-]*:\S+$/, "is not of the form provider:model");
