import type { TurnError } from "@colloquy/client";
import type { JSX, ReactNode } from "react";
import { Icon } from "../parts/icon.tsx";

/** Who cannot come in, and how they may try again. */
export interface Admission {
  /** Which try this is; 0 when none was asked for. */
  readonly attempt: number;
  readonly onTryAgain: () => void;
}

interface Props extends Admission {
  readonly error: TurnError;
  /** What a conversation of this kind says to those who are not allowed in. */
  readonly notAllowed: ReactNode;
  /** Where else to go. */
  readonly elsewhere?: ReactNode;
}

/** A room that one may not come into is as good as none, which is what a server says of it. */
const outside: ReadonlySet<string> = new Set(["not_allowed", "not_found"]);

/** Why nothing can be read or asked here, and a way to try again: an invitation often comes after the link. */
export const Barred = ({ error, notAllowed, elsewhere, attempt, onTryAgain }: Props): JSX.Element => (
  <div className="barred" role="alert">
    {outside.has(error.code) ? notAllowed : <p className="note note-failed">{error.message}</p>}
    {/* Who tried by keyboard is back at the button when that was in vain. */}
    <button type="button" className="plain-button" autoFocus={attempt > 0} onClick={onTryAgain}>
      <Icon name="retry" />
      Try again
    </button>
    {elsewhere}
  </div>
);
