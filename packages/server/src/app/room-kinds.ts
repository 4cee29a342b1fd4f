import { matchesPattern } from "../auth/pattern.ts";
import type { RoomKind } from "../conversation/room-kind.ts";
import type { Model } from "../models/model.ts";

interface RoomKindsOptions {
  /** Patterns of the ids that rooms may name; `*` stands for any text. */
  readonly models: readonly string[];
  /** The embedder's own, by source. */
  readonly own: Readonly<Record<string, RoomKind>>;
  /** Throws when there is no such model; gives the same one each time. */
  readonly modelOf: (id: string) => Model;
}

/** In a model's id a `*` stands for any text, colons too. */
const fits = (pattern: string, id: string): boolean =>
  pattern === "*" || matchesPattern(pattern.replaceAll(":", "/"), id.replaceAll(":", "/"));

/**
 * The kinds of rooms there are, by their `model_api_source`: `aisuite`, whose models are named `provider:model`, `anthropic`,
 * whose models are named as their maker names them, and the embedder's own.
 */
export const createRoomKinds = (options: RoomKindsOptions): ReadonlyMap<string, RoomKind> => {
  const { models, own, modelOf } = options;
  const find = (id: string): Model | undefined => {
    if (!models.some((pattern) => fits(pattern, id))) return undefined;
    try {
      return modelOf(id);
    } catch {
      return undefined;
    }
  };
  return new Map<string, RoomKind>([
    ["aisuite", { model: find }],
    ["anthropic", { model: (id) => find(id.includes(":") ? id : `anthropic:${id}`) }],
    ...Object.entries(own),
  ]);
};
