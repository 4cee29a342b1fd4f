/**
 * The text without what nobody sees: control characters, and the letters of Unicode that are never shown or that turn others
 * around. What strangers wrote shall tell a model nothing that it would not tell a person, and a terminal nothing at all. What
 * joins letters, and the marks of languages that are written from right to left, stays.
 */
export const visible = (text: string): string =>
  text.replaceAll(/[^\P{Cc}\n\t]|[\u00ad\u200b\u202a-\u202e\u2060-\u206f\ufeff]|[\u{e0000}-\u{e01ef}]/gu, "");
