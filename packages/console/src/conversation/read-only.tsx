import type { JSX } from "react";

interface Props {
  /** Stops the answer that is being made; undefined where there is none, or where one may not. */
  readonly onStop: (() => void) | undefined;
}

/** In the place of the field, for those who may read only. */
export const ReadOnly = ({ onStop }: Props): JSX.Element => (
  <div className="read-only">
    <p>You may read here.</p>
    {onStop && (
      <button type="button" className="plain-button" title="Stop (Esc)" onClick={onStop}>
        Stop the answer
      </button>
    )}
  </div>
);
