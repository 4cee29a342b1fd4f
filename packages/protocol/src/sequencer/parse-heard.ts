import { isFields, misfit, parseFields, readId, readSender, type Fields, type Misfit } from "./fields.ts";
import type { Heard, HistoryFacts } from "./shapes.ts";

/** What a model heard, or why it means nothing to it. */
export type ParsedHeard = { readonly ok: true; readonly heard: Heard } | Misfit;

/**
 * Understands a datagram that a sequencer sent to a model, of either generation. Never throws. Rows of the history come out in
 * the same words whatever the generation; what is none is left out.
 */
export const parseHeard = (source: string): ParsedHeard => {
  const parsed = parseFields(source);
  return parsed.ok ? shapeHeard(parsed.fields) : parsed;
};

const shapeHeard = (fields: Fields): ParsedHeard => {
  const id = readId(fields["id"]);
  if (id === false) return misfit("id");
  const sender = readSender(fields["sender"]);
  if (sender === false) return misfit("sender");
  const from = { ...(sender !== undefined && { sender }), ...(id !== undefined && { id }) };
  if (fields["stand_down"] === true)
    return id === undefined ? misfit("id") : { ok: true, heard: { kind: "stand-down", ...from, id } };
  // Another model's reply that was sent astray looks like a prompt of generation 1 but for this.
  if (fields["sysbool"] !== undefined) return misfit("sysbool");
  const generation = typeof fields["current_prompt"] === "string" ? 2 : 1;
  const prompt = generation === 2 ? fields["current_prompt"] : fields["message"];
  if (typeof prompt !== "string") return misfit("prompt");
  const rows = fields["history"] ?? [];
  if (!Array.isArray(rows)) return misfit("history");
  const history = rows.filter(isFields).map(readRow);
  return {
    ok: true,
    heard: { kind: "prompt", prompt: prompt.toWellFormed(), history, generation, ...from },
  };
};

const readRow = (row: Fields): HistoryFacts => {
  const sysbool = known(row["SysBool"] ?? row["system_boolean"]);
  const purpose = known(row["M_func"] ?? row["ex_model_function"]);
  return {
    prompt: words(row["Prompt"] ?? row["user_prompt"]) ?? "",
    answer: words(row["ex_work_summary"]) ?? "",
    ...(sysbool !== undefined && { sysbool }),
    ...(purpose !== undefined && { function: purpose }),
  };
};

const words = (value: unknown): string | undefined =>
  typeof value === "string" ? value.toWellFormed() : undefined;

/** `None` stands for what the sequencer does not know. */
const known = (value: unknown): string | undefined => (value === "None" ? undefined : words(value));
