import { ColloquyError, toColloquyError } from "../kernel/colloquy-error.ts";
import type { Model, ModelEvent } from "./model.ts";
import type { Asking, Panel, PanelEvent } from "./panel.ts";

/** One model as a panel of its own, so that providers and demo models can be asked beside workers. */
export const createModelPanel = (name: string, model: Model, about?: string): Panel => ({
  ask(request, hear): Asking {
    const controller = new AbortController();
    let pieces = 0;
    let told = false;
    const listen = async (): Promise<void> => {
      // After the caller has what we return.
      await Promise.resolve();
      hear({ type: "asked", model: name, ...(about !== undefined && { about }) });
      hear({ type: "all-asked" });
      try {
        for await (const event of model.stream(request, controller.signal)) {
          const heard = panelEvent(name, event);
          if (heard?.type === "text") pieces += 1;
          if (heard?.type === "spent") told = true;
          if (heard) hear(heard);
          if (heard?.type === "decline") return;
        }
        hear({ type: "final", model: name });
      } catch (thrown) {
        if (!controller.signal.aborted)
          hear({ type: "lost", model: name, code: toColloquyError(thrown).code });
      }
    };
    void listen();
    const stop = (): void => {
      if (controller.signal.aborted) return;
      controller.abort(new ColloquyError("cancelled"));
      // A provider that is hung up on says nothing of its cost any more: what it said is counted.
      if (pieces > 0 && !told)
        hear({
          type: "spent",
          model: name,
          usage: { inputTokens: 0, outputTokens: pieces, estimated: true },
        });
    };
    return { standDown: (model) => (model === name ? stop() : undefined), over: stop };
  },
});

const panelEvent = (model: string, event: ModelEvent): PanelEvent | undefined => {
  switch (event.type) {
    case "text":
      return { type: "text", model, text: event.text };
    case "usage":
      return { type: "spent", model, usage: event.usage };
    case "decline":
      return { type: "decline", model };
    // A model that is raced is given no tools: nothing may be done by one whose answer is not the one.
    case "tool-call":
    case "reasoning":
    case "finish":
    case "waiting":
    case "begin":
      return undefined;
  }
};
