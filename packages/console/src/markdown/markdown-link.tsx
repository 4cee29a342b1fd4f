import type { JSX, ReactNode } from "react";
import { safeUrl } from "./safe-url.ts";

interface LinkProps {
  readonly href?: string | undefined;
  readonly title?: string | undefined;
  readonly children?: ReactNode;
}

/** A link that leads out of the page, or its words alone when the address is not a safe one. */
export const MarkdownLink = ({ href, title, children }: LinkProps): JSX.Element => {
  const url = safeUrl(href ?? "");
  if (url === undefined) return <>{children}</>;
  return (
    <a href={url} title={title ?? url} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
};

interface ImageProps {
  readonly src?: unknown;
  readonly alt?: string | undefined;
}

/** An image is never loaded, for that would tell its server who reads this: it becomes a link to it. */
export const MarkdownImage = ({ src, alt }: ImageProps): JSX.Element => (
  <MarkdownLink href={typeof src === "string" ? src : undefined}>
    {alt === undefined || alt === "" ? "Image" : alt}
  </MarkdownLink>
);
