import { historyLength, historyRow, type Generation, type HistoryRow } from "@colloquy/protocol/sequencer";
import type { Exchange } from "../model.ts";

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** The newest exchanges as peers of a generation read them, newest first. */
export const historyRows = (exchanges: readonly Exchange[], generation: Generation): readonly HistoryRow[] =>
  exchanges.slice(0, historyLength[generation]).map(({ prompt, answer, facts }) => {
    const sysbool = textOf(facts?.["sysbool"]);
    const purpose = textOf(facts?.["function"]);
    return historyRow(generation, {
      prompt,
      answer,
      ...(sysbool !== undefined && { sysbool }),
      ...(purpose !== undefined && { function: purpose }),
    });
  });
