import { type JSX, useEffect, useState } from "react";
import { copyText } from "./copy-text.ts";
import { Icon } from "./icon.tsx";

interface Props {
  readonly text: string;
  /** What is copied, as in "Copy answer". */
  readonly what: string;
}

/** Copies, and says for a moment that it did. */
export const CopyButton = ({ text, what }: Props): JSX.Element => {
  const [state, setState] = useState<"ready" | "copied" | "failed">("ready");
  useEffect(() => {
    if (state === "ready") return undefined;
    const timer = setTimeout(() => setState("ready"), 1_600);
    return () => clearTimeout(timer);
  }, [state]);
  const label = { ready: `Copy ${what}`, copied: "Copied", failed: "Could not copy" }[state];
  return (
    <button
      type="button"
      className="quiet-button"
      title={label}
      aria-label={label}
      onClick={() => void copyText(text).then((done) => setState(done ? "copied" : "failed"))}
    >
      <Icon name={state === "copied" ? "check" : state === "failed" ? "close" : "copy"} />
      <span aria-hidden="true">{state === "ready" ? "Copy" : label}</span>
    </button>
  );
};
