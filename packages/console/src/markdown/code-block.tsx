import { type JSX, memo } from "react";
import { CopyButton } from "../parts/copy-button.tsx";

interface Props {
  readonly language: string;
  readonly text: string;
}

/** Code that scrolls within itself and can be copied. */
export const CodeBlock = memo(({ language, text }: Props): JSX.Element => {
  const name = language === "" ? "Code" : language;
  return (
    <figure className="code-block" dir="ltr">
      <figcaption>
        <span>{name}</span>
        <CopyButton text={text} what="code" />
      </figcaption>
      {/* Reachable by keyboard, so that it can be scrolled by keyboard. */}
      <pre tabIndex={0} aria-label={`${name}, scrollable`}>
        <code>{text}</code>
      </pre>
    </figure>
  );
});
