/** As much of a key press as matters here. */
export interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  /** An input method is using the keys, for example to choose a character; Enter confirms that choice. */
  readonly isComposing: boolean;
  /** 229 is what some browsers say instead while an input method is at work. */
  readonly keyCode: number;
}

/** Whether a key press sends what was typed: Enter does, unless it means something else. */
export const sends = (press: KeyPress): boolean =>
  press.key === "Enter" && !press.shiftKey && !press.altKey && !press.isComposing && press.keyCode !== 229;
