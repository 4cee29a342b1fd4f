import { type FormEvent, type JSX, useState } from "react";
import { ThemeButton } from "../theme/theme-button.tsx";
import type { Refusal } from "./session-refusal.ts";

interface Props {
  readonly refusal: Refusal;
  readonly onToken: (token: string) => void;
}

const command = "npm run colloquy -- token --user ada --read '*' --prompt '*' --stop '*' --expires 7d";

/** Asks for a token, and says where tokens come from. */
export const SignIn = ({ refusal, onToken }: Props): JSX.Element => {
  const [token, setToken] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const trimmed = token.trim();
    if (trimmed !== "") onToken(trimmed);
  };
  return (
    <main className="sign-in">
      <form onSubmit={submit} aria-labelledby="sign-in-title">
        <div className="sign-in-head">
          <h1 id="sign-in-title">Sign in to Colloquy</h1>
          <ThemeButton />
        </div>
        <p>This server wants to know who is there.</p>
        {refusal.message !== undefined && (
          <p className="note note-failed" role="alert">
            {refusal.message}
          </p>
        )}
        <label htmlFor="token">Access token</label>
        <input
          id="token"
          type="password"
          autoComplete="off"
          spellCheck={false}
          autoFocus
          required
          aria-describedby="token-help"
          value={token}
          onChange={(event) => setToken(event.target.value)}
        />
        <button type="submit" className="primary-button">
          Sign in
        </button>
        <div id="token-help" className="fine-print">
          <p>Whoever runs the server can make one:</p>
          <pre>
            <code>{command}</code>
          </pre>
          <p>It is kept in this tab only and forgotten when you close it.</p>
        </div>
      </form>
    </main>
  );
};
