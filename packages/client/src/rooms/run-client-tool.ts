import type { ClientLog } from "../client.ts";
import { type Fields, isFields } from "../read-payload.ts";
import { word } from "./read-room.ts";
import type { ClientTools } from "./rooms-client.ts";

/** What a tool that ran here came to. */
export type ToolOutcome =
  | { readonly event: "function_result"; readonly payload: Fields }
  | { readonly event: "function_error"; readonly payload: Fields };

/** Runs what a `function_call` asks for. Undefined when that is not for this program, which has no tools at all. Never rejects. */
export const runClientTool = async (
  tools: ClientTools,
  payload: Fields,
  log: (event: ClientLog) => void,
): Promise<ToolOutcome | undefined> => {
  const id = word(payload["call_id"]);
  const name = word(payload["function_name"]) ?? "";
  if (id === undefined || Object.keys(tools).length === 0) return undefined;
  const failed = (error: string): ToolOutcome => ({
    event: "function_error",
    payload: { call_id: id, error },
  });
  const tool = Object.hasOwn(tools, name) ? tools[name] : undefined;
  if (tool === undefined) return failed(`There is no function ${name} here.`);
  const args = payload["arguments"];
  try {
    const result = await tool(isFields(args) ? args : {}, { id });
    return { event: "function_result", payload: { call_id: id, result: result ?? null } };
  } catch (error) {
    log({ event: "tool", name, error });
    return failed(error instanceof Error ? error.message : String(error));
  }
};
