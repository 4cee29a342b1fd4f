import type { TurnView } from "@colloquy/client";
import type { JSX } from "react";
import { useNow } from "../clock/use-now.ts";

/** A wait shorter than this is not worth a figure. */
const worthTellingMs = 4_000;

const Waited = ({ since }: { readonly since: number }): JSX.Element | undefined => {
  const waited = useNow(1_000) - since;
  return waited > worthTellingMs ? <span className="waited">{Math.floor(waited / 1_000)} s</span> : undefined;
};

interface Props {
  readonly turn: TurnView;
  readonly words: string;
  readonly onCancel?: (() => void) | undefined;
}

/** What is going on while a person waits, and for how long it has been. */
export const ProgressLine = ({ turn, words, onCancel }: Props): JSX.Element => {
  const since = turn.ranAt ?? turn.startedAt;
  return (
    <div className="progress" data-state={turn.state}>
      <span className="dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <span dir="auto">{words}</span>
      {turn.state === "running" && since !== undefined && <Waited since={since} />}
      {onCancel && (
        <button type="button" className="link-button" onClick={onCancel}>
          Cancel
        </button>
      )}
    </div>
  );
};
