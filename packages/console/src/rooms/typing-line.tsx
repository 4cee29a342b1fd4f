import type { JSX } from "react";
import { typingWords } from "./people.ts";

/** Who types just now. It keeps its place when nobody does, so that nothing moves. */
export const TypingLine = ({ users }: { readonly users: readonly string[] }): JSX.Element => (
  <p className="typing-line" dir="auto">
    {typingWords(users)}
  </p>
);
