import type { JSX } from "react";
import { hashOf } from "../route/route.ts";

interface Props {
  /** Channels that one may read. */
  readonly channels: readonly string[];
}

const shown = 8;

/** Links to channels that one may read, for those who came to one that they may not. */
export const Elsewhere = ({ channels }: Props): JSX.Element | undefined =>
  channels.length === 0 ? undefined : (
    <nav className="elsewhere" aria-label="Where you may read">
      <p>Where you may read:</p>
      <ul>
        {channels.slice(0, shown).map((channel) => (
          <li key={channel}>
            <a href={hashOf(channel)} dir="auto">
              {channel}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
