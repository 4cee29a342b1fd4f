import type { JSX } from "react";
import { chatOf } from "../route/route.ts";

const suggestions = ["What is Colloquy?", "What is the team?", "Tell me a long story"] as const;
/** Where four models race for each prompt: one for each of them. */
const teamSuggestions = [
  "What is 15% of 80?",
  "What time is it in Tokyo?",
  "How many r's in strawberry?",
  "List files",
] as const;

/** In a room the assistant has tools. */
const roomSuggestions = ["What time is it in Manila?", "What is 17 × 23?", "What can you do here?"] as const;

const suggestionsFor = (channel: string): readonly string[] => {
  if (chatOf(channel) !== undefined) return roomSuggestions;
  return channel === "team" ? teamSuggestions : suggestions;
};

interface Props {
  readonly channel: string;
  readonly onAsk: (text: string) => void;
}

/** An invitation to ask the first question. */
export const EmptyState = ({ channel, onAsk }: Props): JSX.Element => (
  <div className="empty-state">
    <h2>What would you like to know?</h2>
    <p>Everyone who opens this conversation sees the same answer grow, on every device.</p>
    <ul>
      {suggestionsFor(channel).map((text) => (
        <li key={text}>
          <button type="button" onClick={() => onAsk(text)}>
            {text}
          </button>
        </li>
      ))}
    </ul>
  </div>
);
