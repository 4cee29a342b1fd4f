import { escapeText } from "@colloquy/protocol/channels";
import type { EscapedText } from "@colloquy/protocol";
import type { JournalRecord } from "../stores/live-journal.ts";
import { chunkAt, type Chunk } from "./chunk.ts";
import { compareEcho, isHighSurrogate, type Echo } from "./echo.ts";

const noBytes = Buffer.alloc(0);

/**
 * The text of one turn while it grows: a list of chunks, kept once whatever the number of readers, never joined while it
 * grows. Three lengths matter: what the model has said (`length`), what has been asked to be journalled, and what readers
 * may see (`visible`), which is never more than what is in the journal or in the log (P4).
 *
 * A text that is run again after a crash starts as what readers had; as long as the new words are the same nothing
 * happens, and from where they differ the rest is taken back by a reset.
 */
export class LiveText {
  readonly conversation: string;
  readonly turn: number;
  /** What readers may see, UTF-16 code units. */
  visible = 0;
  /** The most that a reader may have who has seen the same resets: more than `visible` while a reset is yet to be seen. */
  longest = 0;
  /** Resets that readers may see: the offset that each one kept. */
  resets: readonly number[] = [];
  /** When the oldest text that no reader has been offered arrived; monotonic milliseconds, 0 when there is none. */
  waitingSince = 0;
  /** The last word is spoken: all of it is on its way to the log. */
  finished = false;
  /** The journal waited for that once already. */
  spared = false;

  #chunks: Chunk[] = [];
  #length = 0;
  #pending = "";
  #held = "";
  #journalled = 0;
  #resetsMade: readonly number[] = [];
  /** How far the last `collect` went. */
  #asked: { end: number; resets: readonly number[] } = { end: 0, resets: [] };
  /** The text that a run again is compared with, and how much of it has been said again. */
  #echo: Echo | undefined;
  #bytes = noBytes;
  #encoded = { chunks: 0, bytes: 0 };

  constructor(conversation: string, turn: number) {
    this.conversation = conversation;
    this.turn = turn;
  }

  /** Length of all that was said, seen or not, UTF-16 code units. */
  get length(): number {
    return (this.#echo?.matched ?? this.#length) + this.#pending.length;
  }

  /**
   * Puts back text that readers may have seen.
   *
   * @param journalled how much of it the live journal has; the rest is written there before anything new is
   */
  restore(text: string, resets: readonly number[], journalled = text.length): void {
    if (text !== "") this.#push(text.toWellFormed());
    this.#resetsMade = resets;
    this.#asked = { end: this.#length, resets };
    this.#journalled = journalled;
    this.#see(this.#length, resets);
  }

  /** The model is asked again: what it says is compared with what readers have, from `said` on, which the log has. */
  runAgain(said = 0): void {
    if (this.#length > said) this.#echo = { text: this.#textFrom(0), matched: said };
  }

  /** The model said more. A trailing high surrogate waits for its partner. */
  append(text: string, now: number): void {
    let said = this.#held === "" ? text : this.#held + text;
    this.#held = "";
    if (said === "") return;
    if (isHighSurrogate(said.charCodeAt(said.length - 1))) {
      this.#held = said.slice(-1);
      said = said.slice(0, -1);
    }
    said = said.toWellFormed();
    if (this.#echo) said = this.#compare(this.#echo, said);
    if (said === "") return;
    this.#pending += said;
    if (this.waitingSince === 0) this.waitingSince = now;
  }

  /** Ends a text part: whatever was held back is decided. Afterwards `textFrom` gives all that was said. */
  settle(): void {
    const held = this.#held;
    this.#held = "";
    if (held !== "") this.#pending += this.#echo ? this.#compare(this.#echo, "\uFFFD") : "\uFFFD";
    this.#materialise();
  }

  /**
   * The model's last word is spoken. What an earlier run said and a completed one did not say again is taken back; a run
   * that failed before it got so far leaves it.
   */
  finish(completed: boolean): void {
    this.finished = true;
    this.settle();
    const echo = this.#echo;
    this.#echo = undefined;
    if (completed && echo && echo.matched < this.#length) this.#truncate(echo.matched);
  }

  /** What is to be journalled before readers may see it; undefined when there is nothing new. */
  collect(): JournalRecord | undefined {
    this.#materialise();
    if (this.#journalled === this.#length && this.#resetsMade.length === this.resets.length) return undefined;
    let first = this.#chunks.length;
    while (first > 0 && (this.#chunks[first - 1]?.at ?? 0) >= this.#journalled) first -= 1;
    const last = this.#chunks[first];
    const escaped =
      first === this.#chunks.length - 1 && last
        ? last.escaped
        : this.#chunks
            .slice(first)
            .map((c) => c.escaped)
            .join("");
    this.#asked = { end: this.#length, resets: this.#resetsMade };
    return {
      conversation: this.conversation,
      turn: this.turn,
      offset: this.#journalled,
      escaped,
      resets: this.#resetsMade.length,
    };
  }

  /** What the last `collect` gave has been written: readers may see it. */
  written(): void {
    this.#journalled = Math.max(this.#journalled, this.#asked.end);
    this.#see(this.#asked.end, this.#asked.resets);
  }

  /** The log has it up to here: readers may see it. (The journal gets it all the same, so that its texts have no gaps.) */
  stored(upTo: number): void {
    this.#see(upTo, this.#resetsMade);
  }

  /** All resets that were made, seen or not. */
  get resetsMade(): readonly number[] {
    return this.#resetsMade;
  }

  /** All that was said from `offset` on, seen or not. */
  textFrom(offset: number): string {
    this.#materialise();
    return this.#textFrom(offset).slice(0, this.length - offset);
  }

  /** What readers may see from `offset` to `end`, escaped. */
  slice(offset: number, end = this.visible): EscapedText {
    const pieces: string[] = [];
    for (let i = chunkAt(this.#chunks, offset); i < this.#chunks.length; i += 1) {
      const chunk = this.#chunks[i];
      if (!chunk || chunk.at >= end) break;
      const from = Math.max(0, offset - chunk.at);
      const to = end - chunk.at;
      pieces.push(
        from === 0 && to >= chunk.text.length
          ? chunk.escaped
          : escapeText(chunk.text.slice(from, Math.min(to, chunk.text.length))),
      );
    }
    return pieces;
  }

  /** All that readers may see, as escaped bytes that grow beside the text: a long text is encoded once. */
  whole(): EscapedText {
    let { chunks, bytes } = this.#encoded;
    while (chunks < this.#chunks.length) {
      const chunk = this.#chunks[chunks];
      if (!chunk || chunk.at + chunk.text.length > this.visible) break;
      const room = Buffer.byteLength(chunk.escaped);
      if (bytes + room > this.#bytes.length) {
        const larger = Buffer.allocUnsafe(Math.max(256, 2 * (bytes + room)));
        this.#bytes.copy(larger, 0, 0, bytes);
        this.#bytes = larger;
      }
      bytes += this.#bytes.write(chunk.escaped, bytes);
      chunks += 1;
    }
    this.#encoded = { chunks, bytes };
    return [this.#bytes.subarray(0, bytes)];
  }

  #compare(echo: Echo, said: string): string {
    const heard = compareEcho(echo, said);
    if (heard.kind === "same") {
      echo.matched = heard.matched;
      return "";
    }
    this.#echo = undefined;
    if (heard.kind === "differs") this.#truncate(heard.keep);
    return heard.rest;
  }

  /** Readers may see so much, and these resets; what they see already is never taken back here. */
  #see(upTo: number, resets: readonly number[]): void {
    const more = resets.length > this.resets.length;
    this.visible = Math.max(this.visible, upTo);
    this.longest = more ? this.visible : Math.max(this.longest, this.visible);
    if (more) this.resets = resets;
  }

  #truncate(keep: number): void {
    const whole = this.#textFrom(0).slice(0, keep);
    this.#chunks = [];
    this.#length = 0;
    if (whole !== "") this.#push(whole);
    this.#encoded = { chunks: 0, bytes: 0 };
    this.#journalled = Math.min(this.#journalled, keep);
    this.#asked.end = Math.min(this.#asked.end, keep);
    this.visible = Math.min(this.visible, keep);
    this.#resetsMade = [...this.#resetsMade, keep];
  }

  #materialise(): void {
    if (this.#pending === "") return;
    const text = this.#pending;
    this.#pending = "";
    this.#push(text);
  }

  #push(text: string): void {
    const escaped = escapeText(text);
    this.#chunks.push({ at: this.#length, text, escaped: escaped === text ? text : escaped });
    this.#length += text.length;
  }

  #textFrom(offset: number): string {
    let text = "";
    for (let i = chunkAt(this.#chunks, offset); i < this.#chunks.length; i += 1) {
      const chunk = this.#chunks[i];
      if (chunk) text += offset > chunk.at ? chunk.text.slice(offset - chunk.at) : chunk.text;
    }
    return text;
  }
}
