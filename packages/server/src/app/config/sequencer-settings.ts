import { z } from "zod";
import { flag, modelId, oneOf, secret, text, wholeNumber } from "./setting-kinds.ts";

const port = (least: number) => wholeNumber(least, 65_535);

/** Part of a second counts too: `0.25`. */
const seconds = () => {
  const wrong = "is no number of seconds from 0.01 to 3600";
  return z.preprocess(
    (value) => (typeof value === "string" && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value),
    z.number(wrong).min(0.01, wrong).max(3_600, wrong),
  );
};

const listOf = <T>(item: z.ZodType<T>) =>
  z.preprocess(
    (value) => (typeof value === "string" ? value.split(",").filter((part) => part.trim() !== "") : value),
    z.array(item, "is not a list").min(1, "is empty"),
  );

const generation = () =>
  z.preprocess(
    (value) => (typeof value === "string" ? Number(value) : value),
    z.literal([1, 2], "is neither 1 nor 2"),
  );

/** `5001=weather,5002=music`, or an object. */
const functions = () =>
  z.preprocess(
    (value) =>
      typeof value === "string"
        ? Object.fromEntries(
            value
              .split(",")
              .filter((part) => part.trim() !== "")
              .map((part) => part.split("=").map((side) => side.trim())),
          )
        : value,
    z.record(
      z.string().regex(/^\d{1,5}$/, "is no port"),
      z.string("is not text").min(1, "is empty"),
      "is no table of ports",
    ),
  );

/** What is said of models behind UDP ports; for `main` the settings of the environment say the rest. */
const udp = z.strictObject(
  {
    ports: listOf(port(1)).optional(),
    listenPort: port(0).optional(),
    address: text().optional(),
    generation: generation().optional(),
    functions: functions().optional(),
    maxDatagram: wholeNumber(256, 65_507).optional(),
    secret: secret(16).optional(),
    lan: flag().optional(),
    echoes: flag().optional(),
  },
  "is neither false nor { ports, listenPort, … }",
);

const sequencer = z.strictObject(
  {
    models: z.array(modelId, "is not a list").optional(),
    policy: oneOf(["first", "all"]).optional(),
    deadline: seconds().optional(),
    claim: seconds().optional(),
    fallback: modelId.optional(),
    udp: z.union([z.literal(false), udp], "is neither false nor { ports, listenPort, … }").optional(),
    ingressPort: z.union([z.literal(false), port(0)], "is neither false nor a port").optional(),
    workers: flag().optional(),
    skills: flag().optional(),
  },
  "is no sequencer",
);

/** The settings of sequencers, by the names they have in a configuration file. */
export const sequencerSettings = {
  sequencerEnabled: flag().optional(),
  sequencerIngressPort: port(0).optional(),
  sequencerListenPort: port(0).optional(),
  sequencerBroadcastPorts: listOf(port(1)).optional(),
  sequencerBroadcastAddress: text().optional(),
  sequencerGeneration: generation().optional(),
  sequencerDeadline: seconds().optional(),
  sequencerMaxDatagram: wholeNumber(256, 65_507).optional(),
  sequencerSecret: secret(16).optional(),
  sequencerFunctions: functions().optional(),
  sequencerLan: flag().optional(),
  sequencers: z
    .record(z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "is no name"), sequencer, "is not a list by name")
    .default({}),
  team: flag().optional(),
  teamFolder: text().optional(),
};
