import { knownModels, usualFacts, usualFactsElsewhere, type ModelFacts } from "./known-models.ts";
import { textTypes } from "./model-files.ts";
import type { CatalogueModel } from "./model.ts";

/** What an operator says of models, by `provider:model`: more of them, or something else about known ones. */
export type CatalogueAdditions = Readonly<Record<string, Said>>;
type Said = { readonly [Fact in keyof ModelFacts]?: ModelFacts[Fact] | undefined };

export interface CatalogueOptions {
  readonly added?: CatalogueAdditions;
  /** Whether a provider's well-known models can be had. */
  readonly has: (provider: string) => boolean;
  /** More ids to tell of: those that assistants have. */
  readonly also?: readonly string[];
}

const providerOf = (id: string): string => id.slice(0, Math.max(id.indexOf(":"), 0));

/** `claude-haiku-4-5-20251001` is the `claude-haiku-4-5` of a date. */
const withoutDate = (id: string): string => id.replace(/-(\d{8}|\d{4}-\d{2}-\d{2})$/, "");

/** Ids come from clients: a table has nothing but what was written into it. */
const entry = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

/** What is known of a model; of one that nobody has heard of, what its provider's models usually are. */
export const factsOf = (id: string, added: CatalogueAdditions = {}): ModelFacts => {
  const provider = providerOf(id);
  const own: Said = entry(added, id) ?? {};
  const { name, contextTokens, tools, images, files, reasoning } = {
    name: provider === "" ? id : id.slice(provider.length + 1),
    ...(entry(knownModels, id) ??
      entry(knownModels, withoutDate(id)) ??
      entry(usualFacts, provider) ??
      usualFactsElsewhere),
  };
  return {
    name: own.name ?? name,
    contextTokens: own.contextTokens ?? contextTokens,
    tools: own.tools ?? tools,
    images: own.images ?? images,
    files: own.files ?? files,
    reasoning: own.reasoning ?? reasoning,
  };
};

/** Media types that a model takes, by what is known of it. */
export const filesOf = ({ images, files }: Pick<ModelFacts, "images" | "files">): readonly string[] => [
  ...(images ? ["image/*"] : []),
  ...(files ? ["application/pdf"] : []),
  ...textTypes,
];

/**
 * The models that there are to choose from: those that the operator added, those of assistants, and the well-known ones of each
 * provider that can be had. Providers know more models than these, and any can be asked for by its id.
 */
export const catalogue = ({ added = {}, has, also = [] }: CatalogueOptions): readonly CatalogueModel[] => {
  const ids = new Set([...Object.keys(added), ...also]);
  for (const id of Object.keys(knownModels)) if (has(providerOf(id))) ids.add(id);
  return [...ids].map((id) => {
    const { name, contextTokens, tools, images, files, reasoning } = factsOf(id, added);
    const capabilities = { tools, images, files, reasoning };
    return { id, name, provider: providerOf(id), capabilities, contextTokens };
  });
};
