/**
 * The text without what nobody sees: control characters, and the letters of Unicode that are never shown. What strangers wrote
 * shall tell a model nothing that it would not tell a person, and a terminal nothing at all.
 */
export const visible = (text: string): string => text.replaceAll(/[^\P{Cc}\n\t]|[\u{e0000}-\u{e007f}]/gu, "");
