import type { JSX } from "react";
import { Icon } from "../parts/icon.tsx";

interface Props {
  readonly open: boolean;
  readonly onToggle: () => void;
}

/** Shows and hides the frames on the wire. */
export const InspectorButton = ({ open, onToggle }: Props): JSX.Element => (
  <button
    type="button"
    className="icon-button"
    title="Frames on the wire"
    aria-label="Frames on the wire"
    aria-expanded={open}
    onClick={onToggle}
  >
    <Icon name="wire" />
  </button>
);
