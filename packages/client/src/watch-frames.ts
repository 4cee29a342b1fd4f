import type { WireFrame } from "./client.ts";
import { isFields } from "./read-payload.ts";

/** A value as JSON, without the tokens in it. */
const withoutTokens = (value: unknown): string =>
  JSON.stringify(value, (key, inner: unknown) =>
    key === "token" && typeof inner === "string" ? "…" : inner,
  ) ?? "";

/** Tells `watch` of what comes and goes; where nobody watches, that costs nothing. */
export const watchFrames = (watch: ((frame: WireFrame) => void) | undefined) => ({
  in(value: unknown): void {
    watch?.({
      direction: "in",
      // A frame of the channels wire is text already, and holds no token: those only go out.
      text: () => (typeof value === "string" ? value : withoutTokens(value)),
    });
  },
  out(value: unknown): void {
    if (isFields(value) || Array.isArray(value))
      watch?.({ direction: "out", text: () => withoutTokens(value) });
  },
});
