import { Hono } from "hono";
import type { PageFile } from "./page-files.ts";

/** The page talks to its own server only, and nobody may frame it. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The page, from memory. */
export const pageRoutes = (files: ReadonlyMap<string, PageFile>): Hono => {
  const app = new Hono();
  app.get("*", (c) => {
    const file = files.get(c.req.path);
    if (!file) return c.notFound();
    c.header("etag", file.etag);
    c.header("cache-control", file.hashed ? "public, max-age=31536000, immutable" : "no-cache");
    c.header("content-security-policy", policy);
    c.header("x-content-type-options", "nosniff");
    c.header("referrer-policy", "no-referrer");
    c.header("cross-origin-opener-policy", "same-origin");
    if (c.req.header("if-none-match") === file.etag) return c.body(null, 304);
    return c.body(file.body, 200, { "content-type": file.type });
  });
  return app;
};
