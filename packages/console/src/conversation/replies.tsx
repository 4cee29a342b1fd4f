import type { ModelReply } from "@colloquy/client";
import type { JSX } from "react";
import { GrowingMarkdown } from "../markdown/growing-markdown.tsx";
import { CopyButton } from "../parts/copy-button.tsx";

/** What several models said, each under its name; none of it is "the" answer. */
export const Replies = ({ replies }: { readonly replies: readonly ModelReply[] }): JSX.Element => (
  <div className="replies">
    {replies.map(({ model, text }, i) => (
      <section className="reply" key={i} aria-label={`Reply of ${model}`}>
        <header>
          <h3 dir="auto">{model}</h3>
          <CopyButton text={text} what="reply" />
        </header>
        <GrowingMarkdown text={text} growing={false} cut={false} />
      </section>
    ))}
  </div>
);
