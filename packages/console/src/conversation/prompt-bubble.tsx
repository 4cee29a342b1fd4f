import type { TurnFile } from "@colloquy/client";
import { type JSX, useState } from "react";
import type { Desk } from "./desk.ts";
import { TurnFiles } from "./turn-files.tsx";

interface Props {
  readonly messageId: string;
  readonly text: string;
  /** Shown when somebody else asked. */
  readonly author: string | undefined;
  readonly files?: readonly TurnFile[] | undefined;
  readonly onFile?: Desk["file"];
}

const manyLetters = 1_400;
const manyLines = 18;
const isLong = (text: string): boolean =>
  text.length > manyLetters || text.split("\n", manyLines + 1).length > manyLines;

/** What somebody asked, exactly as they typed it. A long one is folded. */
export const PromptBubble = ({ messageId, text, author, files, onFile }: Props): JSX.Element => {
  const [open, setOpen] = useState(false);
  const folds = isLong(text);
  return (
    <div className="prompt" data-foreign={author !== undefined || undefined}>
      {author !== undefined && (
        <span className="author" dir="auto">
          {author}
        </span>
      )}
      {files && <TurnFiles messageId={messageId} files={files} onFile={onFile} />}
      <div className="prompt-text" dir="auto" data-folded={(folds && !open) || undefined}>
        {text}
      </div>
      {folds && (
        <button type="button" className="link-button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? "Show less" : "Show all"}
        </button>
      )}
    </div>
  );
};
