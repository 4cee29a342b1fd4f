import type { Clock } from "../../../kernel/clock.ts";
import type { Skill } from "../skill.ts";
import { createCalculator } from "./calculator.ts";
import { readSum } from "./read-sum.ts";

/** Works sums out and converts units: `2+2`, `15% of 80`, `5 km in miles`, `255 in hex`. */
export const createArithmeticSkill = (options: { readonly clock?: Clock } = {}): Skill => {
  const calculator = createCalculator(options.clock);
  return {
    name: "arithmetic",
    about: "works sums out and converts units",
    async respond({ text }) {
      const sum = readSum(text);
      if (!sum) return undefined;
      const worked = await calculator.workOut(sum);
      if (worked === "too-long")
        return `${sum.expression} takes longer than a second to work out, so it was stopped.`;
      return worked.kind === "says" ? worked.text : undefined;
    },
    close: () => calculator.close(),
  };
};
