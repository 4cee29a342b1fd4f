import type { Code, Usage } from "@colloquy/protocol";
import type { ModelRequest } from "./model.ts";

/** What happens after a prompt was put before a panel. Models are told apart by name. */
export type PanelEvent =
  /** The prompt is on its way to this model. A reply may also come from one that was not named so. */
  | { readonly type: "asked"; readonly model: string; readonly about?: string }
  /** Nobody else of this panel is waited for. A model that only comes while the prompt is open may still be asked. */
  | { readonly type: "all-asked" }
  /** "Mine, working on it." */
  | { readonly type: "claim"; readonly model: string }
  /** A piece of its reply. Without `offset` (UTF-16 code units) it follows what came before. */
  | { readonly type: "text"; readonly model: string; readonly text: string; readonly offset?: number }
  /** Its reply is complete. With `text` that is all of it. `facts` are kept with the answer. */
  | {
      readonly type: "final";
      readonly model: string;
      readonly text?: string;
      readonly facts?: Readonly<Record<string, unknown>>;
    }
  | { readonly type: "decline"; readonly model: string }
  | { readonly type: "lost"; readonly model: string; readonly code: Code }
  | { readonly type: "spent"; readonly model: string; readonly usage: Usage };

/** A prompt that is before a panel. */
export interface Asking {
  /**
   * The model is not to answer any more: its upstream is closed, or it is told, where its wire can. May be called while its
   * `asked` is being heard: then it need not be sent the prompt at all.
   */
  standDown(model: string): void;
  /** The prompt is decided. `hear` may be called for a while yet, with late replies. May be called twice. */
  over(): void;
}

/**
 * Models that are asked together, all at the same moment: one of them, or many that are reached in one way.
 *
 * Duties of an adapter. *Order*: events of one model come in the order in which they happened; `asked` of a model before its
 * others. *Once*: `all-asked` comes once, also when nobody could be asked. *Errors*: nothing is thrown; what goes wrong with
 * a model is its `lost`. *Late*: a reply that comes after `over` is heard if it can still be told whose it is, and dropped
 * otherwise. *Synchronous or not*: `hear` is never called before `ask` has returned. *Bounded*: a panel that can have only so
 * many prompts before it lets the others wait in order, and says `asked` when their time has come.
 */
export interface Panel {
  ask(request: ModelRequest, hear: (event: PanelEvent) => void): Asking;
}
