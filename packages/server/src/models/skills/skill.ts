/** A prompt as a skill sees it. */
export interface SkillPrompt {
  readonly text: string;
}

/**
 * A self-selecting model that needs no network and no key: it answers if and only if the prompt is its own. It fits a UDP
 * worker and a WebSocket worker as it is, and `createSkillModel` makes a Model of it.
 *
 * Duties. *Silent otherwise*: `undefined` for whatever might as well be meant for somebody else. *Bounded*: it looks at the
 * beginning of a prompt only as far as that is needed to know, works for about a second at most, and its answers fit a
 * datagram. *Never reaches out*: it reads nothing but the prompt, the clock and what it was made with. *Stops*: when `signal`
 * is aborted it ends as soon as it can; what it returns then is not looked at.
 */
export interface Skill {
  /** One word, as the histories of peers name it. */
  readonly name: string;
  /** What it is for, half a sentence for people. */
  readonly about: string;
  respond(
    prompt: SkillPrompt,
    signal: AbortSignal,
  ): AsyncIterable<string> | Promise<string | undefined> | string | undefined;
  /** Lets go of what it holds, if anything. May be called twice. */
  close?(): Promise<void>;
}
