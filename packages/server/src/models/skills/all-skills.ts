import { systemClock, type Clock } from "../../kernel/clock.ts";
import { createArithmeticSkill } from "./arithmetic/arithmetic-skill.ts";
import { createFilesSkill } from "./files/files-skill.ts";
import type { Skill } from "./skill.ts";
import { createTextSkill } from "./text/text-skill.ts";
import { createTimeSkill } from "./time/time-skill.ts";

export interface SkillsOptions {
  /** The folder whose files may be read. */
  readonly folder: string;
  readonly clock?: Clock;
  /** Where questions about time that name no place are asked. */
  readonly zone?: string;
}

/** All skills there are. No prompt is answered by two of them. Whoever makes them closes them. */
export const createSkills = ({ folder, clock = systemClock, zone }: SkillsOptions): readonly Skill[] => [
  createArithmeticSkill({ clock }),
  createTimeSkill({ clock, ...(zone !== undefined && { zone }) }),
  createTextSkill(),
  createFilesSkill({ folder }),
];
