import type { Model } from "../model.ts";
import { createSkills, type SkillsOptions } from "./all-skills.ts";
import { createSkillModel } from "./skill-model.ts";

/** The skills as models, `skill:<name>`, in this process. */
export interface SkillProvider {
  /** Undefined for a name that no skill has. */
  readonly provider: (name: string) => Model | undefined;
  /** May be called twice. */
  close(): Promise<void>;
}

export const createSkillProvider = (options: SkillsOptions): SkillProvider => {
  const skills = createSkills(options);
  return {
    provider(name) {
      const skill = skills.find((one) => one.name === name);
      return skill && createSkillModel(skill);
    },
    async close() {
      for (const skill of skills) await skill.close?.();
    },
  };
};
