import { setTimeout as sleep } from "node:timers/promises";

/** Waits for something that will become true; the test's own time limit ends the waiting. */
export const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await sleep(2);
};
