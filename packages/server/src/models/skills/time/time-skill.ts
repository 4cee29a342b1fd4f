import { systemClock, type Clock } from "../../../kernel/clock.ts";
import { plainQuestion } from "../plain-question.ts";
import { withDigits } from "../number-words.ts";
import type { Skill } from "../skill.ts";
import { calendarForms } from "./calendar-forms.ts";
import { clockForms } from "./clock-forms.ts";
import { dateForms } from "./date-forms.ts";
import { wallTimeAt } from "./wall-time.ts";
import { createFindPlace } from "./zones.ts";

export interface TimeSkillOptions {
  readonly clock?: Clock;
  /** Where questions that name no place are asked; the zone of this machine when left out. */
  readonly zone?: string;
}

/** Longer prompts ask for something else. */
const longest = 160;

/** Knows clocks and calendars: `what time is it in Tokyo`, `days between …`, `what weekday is …`. */
export const createTimeSkill = (options: TimeSkillOptions = {}): Skill => {
  const { clock = systemClock, zone = new Intl.DateTimeFormat().resolvedOptions().timeZone } = options;
  const find = createFindPlace();
  const here = { name: zone, zone };
  const forms = [...clockForms, ...calendarForms, ...dateForms];
  return {
    name: "time",
    about: "knows clocks and calendars, anywhere on earth",
    respond({ text }) {
      const asked = plainQuestion(text, longest)?.replace(/!+$/, "");
      if (asked === undefined) return undefined;
      const plain = withDigits(asked);
      const now = clock.now();
      const question = { now, here, today: wallTimeAt(now, zone), find };
      for (const { shape, answer } of forms) {
        const found = shape.exec(plain);
        const said = found ? answer(question, [...found]) : undefined;
        if (said !== undefined) return said;
      }
      return undefined;
    },
  };
};
