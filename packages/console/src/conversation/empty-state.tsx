import type { JSX } from "react";

const suggestions = ["What is Colloquy?", "How do I use a real model?", "Tell me a long story"] as const;

/** An invitation to ask the first question. */
export const EmptyState = ({ onAsk }: { readonly onAsk: (text: string) => void }): JSX.Element => (
  <div className="empty-state">
    <h2>What would you like to know?</h2>
    <p>Everyone who opens this conversation sees the same answer grow, on every device.</p>
    <ul>
      {suggestions.map((text) => (
        <li key={text}>
          <button type="button" onClick={() => onAsk(text)}>
            {text}
          </button>
        </li>
      ))}
    </ul>
  </div>
);
