import type { JSX } from "react";
import { Icon } from "../parts/icon.tsx";

interface Props {
  readonly here: readonly string[];
  /** Id of what it opens. */
  readonly controls: string;
  readonly open: boolean;
  readonly onToggle: () => void;
}

/** How many are here; opens who they are. */
export const PeopleButton = ({ here, controls, open, onToggle }: Props): JSX.Element => (
  <button
    type="button"
    className="quiet-button people-button"
    title={here.join(", ")}
    aria-expanded={open}
    aria-controls={controls}
    onClick={onToggle}
  >
    <Icon name="people" />
    <span>{here.length}</span>
    <span className="off-screen"> here; people of this room</span>
  </button>
);
