import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { admit, type AdmissionRules } from "../../auth/admission.ts";
import { ColloquyError } from "../../kernel/colloquy-error.ts";
import { apiRoutes, errorResponse, type ApiOptions } from "./api-routes.ts";
import { offerRoutes, type OfferOptions } from "./offer-routes.ts";
import { readPageFiles } from "./page-files.ts";
import { pageRoutes } from "./page-routes.ts";

export interface HttpGatewayOptions extends ApiOptions, OfferOptions {
  readonly admission: AdmissionRules;
  /** Folder of the built page; undefined: there is none, `/` is somebody else's. */
  readonly pageFolder?: string;
}

export interface HttpGateway {
  /** Answers a request, or gives false because it is for somebody else. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
}

/** `/v1/…` for back ends, and the page. */
export const createHttpGateway = (options: HttpGatewayOptions): HttpGateway => {
  const { admission, logger, pageFolder } = options;
  const files = pageFolder === undefined ? undefined : readPageFiles(pageFolder);
  if (pageFolder !== undefined && !files)
    logger.warn({ folder: pageFolder }, "the page has not been built; it is not served");
  const app = new Hono<{ Bindings: { incoming: IncomingMessage } }>();
  app.use(async (c, next) => {
    const { headers, socket } = c.env.incoming;
    const refused = admit(admission, { headers, remoteAddress: socket.remoteAddress });
    if (refused) throw new ColloquyError(refused);
    await next();
  });
  // Before the routes that want the server key.
  app.route("/v1", offerRoutes(options));
  app.route("/v1", apiRoutes(options));
  if (files) app.route("/", pageRoutes(files));
  app.notFound((c) => errorResponse(c, new ColloquyError("not_found"), logger));
  app.onError((error, c) => errorResponse(c, error, logger));
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });

  return {
    handle(request, response) {
      const pathname = URL.parse(request.url ?? "", "http://any")?.pathname ?? "";
      const ours = pathname.startsWith("/v1/") || files?.has(pathname) === true;
      if (!ours) return false;
      void listener(request, response);
      return true;
    },
  };
};
