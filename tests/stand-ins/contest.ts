import type { HubChannel } from "./hub-channel.ts";

const asked = [
  { model: "sums", about: "arithmetic, with units" },
  { model: "time", about: "what time it is, in any time zone" },
  { model: "text", about: "counts, hashes and encodings of a text" },
  { model: "files", about: "what is in the files of a folder" },
];

/** Four models are asked a prompt that is there already. */
export const beginContest = (channel: HubChannel, id: string): void =>
  channel.note(id, "arbitration", { asked });

/** The first of them answers within 12 ms, one declines, the others stand down. */
export const decideContest = (channel: HubChannel, id: string, answer: string): void => {
  channel.grow(id, answer);
  channel.note(id, "arbitration", {
    policy: "first",
    winner: "sums",
    sender: "Node-5001",
    sysbool: "True",
    ms: 12.3,
    models: [
      { model: "sums", standing: "replied", firstMs: 4, lastMs: 11.9 },
      { model: "time", standing: "declined", firstMs: 2, lastMs: 2 },
      { model: "text", standing: "stood-down" },
      { model: "files", standing: "stood-down" },
    ],
  });
  channel.end(id);
};

/** Two of them reply, under the policy that lets each reply stand by itself. */
export const replyToContest = (channel: HubChannel, id: string, replies: readonly [string, string]): void => {
  channel.reply(id, "sums", replies[0]);
  channel.reply(id, "text", replies[1]);
  channel.note(id, "arbitration", {
    policy: "all",
    ms: 31,
    models: [
      { model: "sums", standing: "replied", firstMs: 4, lastMs: 4 },
      { model: "time", standing: "declined", firstMs: 2, lastMs: 2 },
      { model: "text", standing: "replied", firstMs: 31, lastMs: 31 },
      { model: "files", standing: "declined", firstMs: 3, lastMs: 3 },
    ],
  });
  channel.end(id);
};
