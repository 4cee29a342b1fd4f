import { defineTool } from "../../packages/server/src/tools/define-tool.ts";
import type { Tool } from "../../packages/server/src/tools/tool.ts";
import type { PuppetCall } from "../heart/puppet-model.ts";

/** A tool that nobody wants to have run unasked. `paid` is to whom it was run, in order. */
export const payTool = (): { readonly tool: Tool; readonly paid: readonly string[] } => {
  const paid: string[] = [];
  const tool = defineTool({
    name: "pay",
    description: "Pays somebody.",
    parameters: { type: "object", properties: { to: { type: "string" } }, required: ["to"] },
    approval: true,
    run({ to }) {
      paid.push(String(to));
      return `Paid ${String(to)}.`;
    },
  });
  return { tool, paid };
};

/** Lets a puppet call it, once for each of them, and wait. */
export const callPay = (said: PuppetCall, ...to: readonly string[]): void => {
  for (const one of to) said.emit({ type: "tool-call", name: "pay", arguments: JSON.stringify({ to: one }) });
  said.emit({ type: "finish", reason: "tool-calls" });
  said.finish();
};
