import { historyLength, historyRow, type Generation, type HistoryRow } from "@colloquy/protocol/sequencer";
import type { Exchange } from "../model.ts";

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** Makes the newest exchanges what peers of a generation read, newest first; each exchange once, however many prompts it goes with. */
export const createHistoryRows = (
  generation: Generation,
): ((exchanges: readonly Exchange[]) => readonly HistoryRow[]) => {
  const made = new WeakMap<Exchange, HistoryRow>();
  const rowOf = (exchange: Exchange): HistoryRow => {
    const known = made.get(exchange);
    if (known) return known;
    const { prompt, answer, facts } = exchange;
    const sysbool = textOf(facts?.["sysbool"]);
    const purpose = textOf(facts?.["function"]);
    const row = historyRow(generation, {
      prompt,
      answer,
      ...(sysbool !== undefined && { sysbool }),
      ...(purpose !== undefined && { function: purpose }),
    });
    made.set(exchange, row);
    return row;
  };
  return (exchanges) => exchanges.slice(0, historyLength[generation]).map(rowOf);
};
