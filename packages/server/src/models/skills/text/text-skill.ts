import { withoutLead } from "../plain-question.ts";
import type { Skill } from "../skill.ts";
import { codeForms } from "./code-forms.ts";
import { countForms } from "./count-forms.ts";

/** What is longer is not looked at. UTF-16 code units. */
const longest = 65_536;

/** A request is said before or after the text that it is about, within so many characters of its ends. */
const forms = [...countForms, ...codeForms];

/** Counts, hashes, encodes and turns texts round: `how many words in "…"`, `sha256 of …`, `base64 …`, `reverse …`. */
export const createTextSkill = (): Skill => ({
  name: "text",
  about: "counts, hashes, encodes and reverses text",
  respond({ text }) {
    if (text.length > longest) return undefined;
    const asked = withoutLead(text).replace(/(?:,? please)[.!?]*$/i, "");
    for (const { shape, answer } of forms) {
      const found = shape.exec(asked);
      const said = found ? answer([...found]) : undefined;
      if (said !== undefined) return said;
    }
    return undefined;
  },
});
