/** Functions of numbers that end by themselves; none of them makes lists, reads text or changes the calculator. */
export const allowedFunctions: ReadonlySet<string> = new Set(
  (
    "abs cbrt ceil cos acos cosh cot csc exp fix floor gcd lcm log log10 log2 max mean median min mod nthRoot round sec sign sin " +
    "asin sinh sqrt square cube tan atan atan2 tanh combinations permutations factorial isPrime hypot pow std variance"
  ).split(" "),
);

export const allowedConstants: ReadonlySet<string> = new Set(["pi", "e", "tau", "phi", "i"]);

/** Operators, by the calculator's names for them. */
export const allowedOperators: ReadonlySet<string> = new Set(
  "add subtract multiply divide dotMultiply mod pow factorial unaryMinus unaryPlus to equal unequal larger largerEq smaller smallerEq".split(
    " ",
  ),
);
