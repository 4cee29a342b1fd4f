import type { JSX, ReactNode } from "react";
import type { Components } from "react-markdown";
import { CodeBlock } from "./code-block.tsx";
import { MarkdownImage, MarkdownLink } from "./markdown-link.tsx";

interface CodeElement {
  readonly props: { readonly className?: string; readonly children?: ReactNode };
}

const isCodeElement = (node: unknown): node is CodeElement =>
  typeof node === "object" && node !== null && "props" in node;

/** A code block within a list or quote comes as `<pre><code class="language-x">`. */
const InnerCode = ({ children }: { readonly children?: ReactNode }): JSX.Element => {
  const { className = "", children: text = "" } = isCodeElement(children) ? children.props : { children };
  const language = /language-(\S+)/.exec(className)?.[1] ?? "";
  return <CodeBlock language={language} text={(typeof text === "string" ? text : "").replace(/\n$/, "")} />;
};

/**
 * What Markdown's elements become. `dir="auto"` turns lists, quotes and tables to the direction of their script
 * (paragraphs are turned by the style sheet); wide tables scroll within themselves.
 */
export const markdownParts: Components = {
  a: ({ href, title, children }) => (
    <MarkdownLink href={href} title={title}>
      {children}
    </MarkdownLink>
  ),
  img: ({ src, alt }) => <MarkdownImage src={src} alt={alt} />,
  pre: ({ children }) => <InnerCode>{children}</InnerCode>,
  // Below the headings of the page itself.
  h1: ({ children }) => <h3 className="h1">{children}</h3>,
  h2: ({ children }) => <h4 className="h2">{children}</h4>,
  h3: ({ children }) => <h5 className="h3">{children}</h5>,
  h4: ({ children }) => <h6 className="h4">{children}</h6>,
  h5: ({ children }) => <h6 className="h4">{children}</h6>,
  h6: ({ children }) => <h6 className="h4">{children}</h6>,
  ul: ({ className, children }) => (
    <ul dir="auto" className={className}>
      {children}
    </ul>
  ),
  ol: ({ className, start, children }) => (
    <ol dir="auto" className={className} start={start}>
      {children}
    </ol>
  ),
  blockquote: ({ children }) => <blockquote dir="auto">{children}</blockquote>,
  table: ({ children }) => (
    <div className="table-frame" tabIndex={0} role="group" aria-label="Table, scrollable">
      <table dir="auto">{children}</table>
    </div>
  ),
  input: ({ checked }) => (
    <input
      type="checkbox"
      checked={checked === true}
      disabled
      readOnly
      aria-label={checked === true ? "done" : "open"}
    />
  ),
};
