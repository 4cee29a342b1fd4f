import { type JSX, useCallback, useState } from "react";

interface Props {
  /** Rejects when older turns could not be loaded. */
  readonly onLoad: () => Promise<void>;
}

const words = {
  ready: "Show earlier messages",
  loading: "Loading…",
  failed: "Earlier messages could not be loaded. Try again",
} as const;

/** Loads older turns when the reader comes near the top; a button for those who do not scroll. */
export const Earlier = ({ onLoad }: Props): JSX.Element => {
  const [phase, setPhase] = useState<keyof typeof words>("ready");

  const load = useCallback(async () => {
    setPhase("loading");
    try {
      await onLoad();
      setPhase("ready");
    } catch {
      setPhase("failed");
    }
  }, [onLoad]);

  const watch = useCallback(
    (button: HTMLButtonElement | null) => {
      if (!button) return undefined;
      const observer = new IntersectionObserver(
        (entries) => {
          if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
          observer.unobserve(button);
          // Looked at anew afterwards: what came may not have filled the space.
          void load().then(() => button.isConnected && observer.observe(button));
        },
        { root: button.closest(".turn-scroller"), rootMargin: "300px 0px 0px 0px" },
      );
      observer.observe(button);
      return () => observer.disconnect();
    },
    [load],
  );

  return (
    <button
      ref={watch}
      type="button"
      className="link-button earlier"
      disabled={phase === "loading"}
      onClick={() => void load()}
    >
      {words[phase]}
    </button>
  );
};
