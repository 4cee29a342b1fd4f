import { Hono } from "hono";
import type { IncomingMessage } from "node:http";
import { everything, type Principal } from "../../auth/principal.ts";
import type { Authenticator } from "../../auth/authenticator.ts";
import { carriesKey } from "../../auth/server-key.ts";
import { ColloquyError } from "../../kernel/colloquy-error.ts";
import type { CatalogueModel } from "../../models/model.ts";

/** What there is to choose from. */
export interface Offer {
  readonly models: readonly CatalogueModel[];
  /** Kinds of rooms, by their `model_api_source`. */
  readonly sources: readonly string[];
  readonly tools: readonly {
    readonly name: string;
    readonly description: string;
    readonly approval: boolean;
  }[];
}

export interface OfferOptions {
  readonly authenticator: Authenticator;
  readonly serverKey?: string;
  readonly offer: () => Offer;
}

/** `GET /v1/models`, for everybody who is signed in: with a user's token, or with the server key. */
export const offerRoutes = ({ authenticator, serverKey, offer }: OfferOptions) => {
  const app = new Hono<{ Bindings: { incoming: IncomingMessage } }>();
  const whoAsks = (request: IncomingMessage): Promise<Principal | undefined> | Principal => {
    const { headers, socket } = request;
    if (carriesKey(headers.authorization, serverKey))
      return { user: "server", anonymous: false, grants: everything };
    return authenticator.identify({ headers, remoteAddress: socket.remoteAddress });
  };
  app.get("/models", async (c) => {
    if (!(await whoAsks(c.env.incoming))) throw new ColloquyError("not_authenticated");
    c.header("cache-control", "no-store");
    return c.json(offer());
  });
  return app;
};
