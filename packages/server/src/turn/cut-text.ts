/** The text, or its beginning with a sentence that says how much was left out; never ends within a surrogate pair. */
export const cutText = (text: string, max: number): string => {
  if (text.length <= max) return text.toWellFormed();
  const said = `\n[Cut here: ${max} of ${text.length} characters are shown.]`;
  const end = /[\ud800-\udbff]/.test(text.charAt(max - 1)) ? max - 1 : max;
  return text.slice(0, Math.max(0, end)).toWellFormed() + said;
};
