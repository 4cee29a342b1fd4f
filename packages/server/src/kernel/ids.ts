import { randomBytes } from "node:crypto";
import { uuidv7 } from "uuidv7";

/** Makes ids, passed in so that tests can foresee them. */
export interface Ids {
  /** A sortable unique id (UUID version 7). */
  next(): string;
  /** An unguessable id of letters, digits and `_`, 128 bits. */
  random(): string;
}

export const systemIds: Ids = {
  next: () => uuidv7(),
  random: () => randomBytes(16).toString("hex"),
};
