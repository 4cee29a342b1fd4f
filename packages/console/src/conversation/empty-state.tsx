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
  /** Who sees what is asked here, in a sentence. */
  readonly audience: string;
  /** Undefined for those who may not. */
  readonly onAsk: ((text: string) => void) | undefined;
}

/** An invitation to ask the first question; for those who may not ask, what they will see. */
export const EmptyState = ({ channel, audience, onAsk }: Props): JSX.Element =>
  onAsk ? (
    <div className="empty-state">
      <h2>What would you like to know?</h2>
      <p dir="auto">{audience}</p>
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
  ) : (
    <div className="empty-state">
      <h2>Nothing has been asked here yet.</h2>
      <p>What others ask, and the answers to it, will be seen here.</p>
    </div>
  );
