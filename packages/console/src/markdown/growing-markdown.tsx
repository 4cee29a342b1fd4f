import { type JSX, useState } from "react";
import { CodeBlock } from "./code-block.tsx";
import { definitionsFor, knownDefinitions } from "./definitions.ts";
import { MarkdownBlock } from "./markdown-block.tsx";
import { mend } from "./mend.ts";
import { createBlockSplitter } from "./split-blocks.ts";

interface Props {
  readonly text: string;
  /** More is to come: the last block is shown as it most likely will look. */
  readonly growing: boolean;
  /** It ended in the middle: what was open then is closed. */
  readonly cut: boolean;
}

/** Markdown that may still grow. Only its last block is rendered again when it does. */
export const GrowingMarkdown = ({ text, growing, cut }: Props): JSX.Element => {
  const [split] = useState(createBlockSplitter);
  const blocks = split(text);
  const known = knownDefinitions(blocks, growing);
  return (
    <div className={growing ? "markdown growing" : "markdown"}>
      {blocks.map(({ start, source, code }, i) => {
        if (code) return <CodeBlock key={start} language={code.language} text={code.text} />;
        const shown = (growing || cut) && i === blocks.length - 1 ? mend(source) : source;
        return <MarkdownBlock key={start} source={shown + definitionsFor(source, known)} />;
      })}
    </div>
  );
};
