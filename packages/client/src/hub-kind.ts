/**
 * Which parts of the wire a hub speaks. `modern` hubs answer questions (part 2); `classic` ones do not (part 1), which shows
 * only in that no answer comes.
 */
export interface HubKind {
  readonly kind: "unknown" | "classic" | "modern";
  /** A question was asked: no answer within the wait means that the hub is classic. */
  asked(): void;
  /** An answer came. */
  answered(): void;
  /** Something came that a modern hub would not have sent before its answer. */
  classic(): void;
  /** The connection is gone; what was found out stays. */
  down(): void;
}

export const createHubKind = (waitMs: number, found: (kind: "classic" | "modern") => void): HubKind => {
  let kind: HubKind["kind"] = "unknown";
  let timer: ReturnType<typeof setTimeout> | undefined;
  const is = (next: "classic" | "modern"): void => {
    clearTimeout(timer);
    if (kind === next) return;
    kind = next;
    found(next);
  };
  return {
    get kind() {
      return kind;
    },
    asked() {
      clearTimeout(timer);
      if (kind === "unknown") timer = setTimeout(() => is("classic"), waitMs);
    },
    answered: () => is("modern"),
    classic() {
      if (kind === "unknown") is("classic");
    },
    down: () => clearTimeout(timer),
  };
};
