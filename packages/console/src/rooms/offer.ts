/** A model that a room can have. */
export interface OfferedModel {
  readonly id: string;
  readonly name: string;
  readonly provider: string;
  /** It looks at images. */
  readonly images: boolean;
}

/** What a server has to choose from. */
export interface Offer {
  readonly models: readonly OfferedModel[];
  /** Kinds of rooms. */
  readonly sources: readonly string[];
}

export const noOffer: Offer = { models: [], sources: [] };

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** The offer as a server tells it; what cannot be read of it is left out. */
export const readOffer = (value: unknown): Offer => {
  if (!isFields(value)) return noOffer;
  const { models, sources } = value;
  return {
    models: (Array.isArray(models) ? models : []).filter(isFields).flatMap((model) => {
      const { id, name, provider, capabilities } = model;
      if (typeof id !== "string") return [];
      return [
        {
          id,
          name: typeof name === "string" ? name : id,
          provider: typeof provider === "string" ? provider : "",
          images: isFields(capabilities) && capabilities["images"] === true,
        },
      ];
    }),
    sources: (Array.isArray(sources) ? sources : []).filter((one) => typeof one === "string"),
  };
};

/** The source whose rooms have models of every provider. */
export const usualSource = "aisuite";
const usualModel = "demo:guide";

/** The model that a new room gets: the one that was last chosen here, where there still is one of that name. */
export const firstModel = ({ models }: Offer, chosen: string | undefined): string =>
  models.find(({ id }) => id === chosen)?.id ?? models[0]?.id ?? chosen ?? usualModel;
