import type { Misfit } from "@colloquy/protocol/sequencer";
import type { Clock } from "../../kernel/clock.ts";
import { createDrops, type Drops } from "../../kernel/drops.ts";
import type { Logger } from "../../kernel/logger.ts";

const none = {
  /** Not the text of a JSON object. */
  badJson: 0,
  /** An object that means nothing here: fields are missing or of wrong types. */
  badFrame: 0,
  /** Its source is not this machine. */
  foreign: 0,
  unsigned: 0,
  forged: 0,
  stale: 0,
  repeated: 0,
  /** It carries our own name. */
  own: 0,
  /** It answers an asking that is not known, or not any more. */
  unknownId: 0,
  /** It has no id, and there is no one prompt that it must belong to. */
  unasked: 0,
  /** The same model has said the same before. */
  doubled: 0,
  /** More names than anybody can have answer one prompt, or more prompts than are worked on at a time. */
  tooMany: 0,
  /** Rows of history that were left out of a datagram. */
  history: 0,
  /** Replies that had to be shortened. */
  cut: 0,
  /** What the system did not send. */
  unsent: 0,
};

/** Why something was dropped. */
export type DropReason = keyof typeof none;

/** How often, since the start. */
export type DropCounts = Readonly<Record<DropReason, number>>;

/** Why a datagram that could not be understood is dropped. */
export const misfitReason = ({ code }: Misfit): DropReason => (code === "bad_json" ? "badJson" : "badFrame");

export const createUdpDrops = (what: string, clock: Clock, logger: Logger): Drops<DropReason> =>
  createDrops(what, none, clock, logger);
