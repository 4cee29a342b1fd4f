import { type JSX, memo, useState } from "react";
import { CopyButton } from "../parts/copy-button.tsx";
import { Icon } from "../parts/icon.tsx";
import type { FrameLog, LoggedFrame } from "./frame-log.ts";
import { frameHead, frameLine, prettyFrame } from "./frame-words.ts";
import { useFrameLog } from "./use-frame-log.ts";

const time = (at: number): string => new Date(at).toISOString().slice(11, 23);

/** One frame: a line that opens to all of it. */
const Frame = memo(({ frame }: { readonly frame: LoggedFrame }): JSX.Element => {
  const [open, setOpen] = useState(false);
  const way = frame.direction === "in" ? "received" : "sent";
  return (
    <li data-direction={frame.direction}>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <span className="frame-way" aria-hidden="true">
            {frame.direction === "in" ? "↓" : "↑"}
          </span>
          <span className="off-screen">{way}</span>
          <span className="frame-head">{frameHead(frame.text) || "frame"}</span>
          <span className="frame-size">{frame.size.toLocaleString()} B</span>
          <time>{time(frame.at)}</time>
        </summary>
        {open && <pre tabIndex={0}>{prettyFrame(frame.text)}</pre>}
      </details>
    </li>
  );
});

interface Props {
  readonly log: FrameLog;
  readonly onClose: () => void;
}

/** What goes over the wire, newest first, for developers who connect a client of their own; also what went before it was opened. */
export const Inspector = ({ log, onClose }: Props): JSX.Element => {
  const { frames, recording } = useFrameLog(log);
  return (
    <aside className="inspector" aria-label="Frames on the wire">
      <header>
        <h2>On the wire</h2>
        <button type="button" className="quiet-button" onClick={() => log.record(!recording)}>
          {recording ? "Pause" : "Go on"}
        </button>
        <button type="button" className="quiet-button" disabled={frames.length === 0} onClick={log.clear}>
          Clear
        </button>
        {frames.length > 0 && <CopyButton text={frames.map(frameLine).join("\n")} what="all frames" />}
        <button type="button" className="icon-button" aria-label="Close the inspector" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {frames.length === 0 ? (
        <p className="inspector-empty">
          {recording ? "Ask something, and see what the page sends and receives." : "Paused."}
        </p>
      ) : (
        <ol reversed aria-label="Frames, newest first">
          {frames.toReversed().map((frame) => (
            <Frame key={frame.key} frame={frame} />
          ))}
        </ol>
      )}
    </aside>
  );
};
