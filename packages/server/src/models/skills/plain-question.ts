const lead = new RegExp(
  [
    String.raw`(?:hey|hi|ok|okay|so|please|now|well|quick question)\b[\s,:!.]*`,
    String.raw`(?:can|could|would|will) you (?:please )?(?:tell me |give me |work out |help me )?`,
    String.raw`(?:tell|give) me `,
    String.raw`do you know `,
    String.raw`i(?:'d| would)? (?:like|want|need) to know `,
  ].join("|"),
  "iy",
);

/** The prompt without the words that people put before what they ask. Their own text after it stays as it is. */
export const withoutLead = (text: string): string => {
  let rest = text.trim();
  for (;;) {
    lead.lastIndex = 0;
    const found = lead.exec(rest);
    if (!found || found[0].length === rest.length) return rest;
    rest = rest.slice(found[0].length).trimStart();
  }
};

/**
 * A short question in plain form: one line, single spaces, straight quotes, without what people say before and after it.
 * Undefined for what is too long, or has too many lines, to be one.
 *
 * @param most UTF-16 code units
 */
export const plainQuestion = (text: string, most: number): string | undefined => {
  const trimmed = text.trim();
  if (trimmed === "" || trimmed.length > most || /[\n\r]/.test(trimmed)) return undefined;
  const plain = trimmed.replaceAll(/[‘’]/g, "'").replaceAll(/[“”]/g, '"').replaceAll(/\s+/g, " ");
  return withoutLead(plain).replace(trail, "");
};

const trail = /(?:[\s,.]*(?:please|thanks|thank you))?[\s?.]*$/i;
