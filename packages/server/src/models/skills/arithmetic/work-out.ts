import { all, create, type FactoryFunctionMap, type MathNode } from "mathjs";
import { allowedConstants, allowedFunctions, allowedOperators } from "./allowed-words.ts";
import type { Sum } from "./read-sum.ts";

export type Worked =
  /** It is no sum. */
  | { readonly kind: "none" }
  /** A sentence, or a line such as `2 + 2 = 4`. */
  | { readonly kind: "says"; readonly text: string };

const none: Worked = { kind: "none" };
const says = (text: string): Worked => ({ kind: "says", text });

/** Digits that a result is shown with, and up to which a whole number is written out. */
const shownDigits = 14;
const wholeDigits = 64;
/** Parts that a sum may have. */
const maxParts = 200;

const everything: FactoryFunctionMap = all ?? {};

const newUnits = {
  nauticalmile: "1852 m",
  lightyear: "9460730472580800 m",
  calorie: "4.184 J",
  kilocalorie: "4184 J",
} as const;

/** A calculator of one's own: what it can do is what the list of words allows, whatever its language could. */
export const createWorkOut = () => {
  const math = create(everything, { number: "BigNumber", precision: wholeDigits });
  for (const [name, definition] of Object.entries(newUnits)) math.createUnit(name, definition);

  const isUnit = (name: string): boolean => math.Unit.isValuelessUnit(name);

  const allowed = (node: MathNode, parent: MathNode | undefined): boolean => {
    if (math.isConstantNode(node)) return typeof node.value !== "string" && typeof node.value !== "boolean";
    if (math.isParenthesisNode(node)) return true;
    if (math.isFunctionNode(node)) return math.isSymbolNode(node.fn) && allowedFunctions.has(node.fn.name);
    if (math.isSymbolNode(node)) {
      const called = parent !== undefined && math.isFunctionNode(parent) && parent.fn === node;
      return called || allowedConstants.has(node.name) || isUnit(node.name);
    }
    if (!math.isOperatorNode(node) || !allowedOperators.has(node.fn)) return false;
    // "3 apples 5" puts two things beside each other; "2 km", "2 (3 + 4)" and "2 pi" multiply.
    return !node.implicit || node.args.every((arg, index) => index === 0 || !endsInNumber(arg));
  };

  const endsInNumber = (node: MathNode): boolean =>
    math.isConstantNode(node) ||
    (math.isOperatorNode(node) && node.args.some((arg) => math.isConstantNode(arg)) && node.fn !== "pow");

  const format = (value: unknown): string =>
    math.isBigNumber(value) && value.isInteger() && value.e < wholeDigits
      ? value.toFixed()
      : math.format(value, { precision: shownDigits, upperExp: 21, lowerExp: -7 });

  /** As it was understood, so that a misreading shows. */
  const show = (node: MathNode): string =>
    node.toString({
      implicit: "hide",
      handler: (part: MathNode) => (math.isConstantNode(part) ? format(part.value) : undefined),
    });

  const isEndless = (value: unknown): boolean =>
    math.isBigNumber(value) ? !value.isFinite() : typeof value === "number" && !Number.isFinite(value);

  const inBase = (value: unknown, base: NonNullable<Sum["base"]>): string | undefined => {
    if (!math.isBigNumber(value) || !value.isInteger() || value.e >= wholeDigits) return undefined;
    const digits = BigInt(value.abs().toFixed()).toString(base);
    const prefix = { 2: "0b", 8: "0o", 10: "", 16: "0x" }[base];
    return `${value.isNegative() ? "-" : ""}${prefix}${digits}`;
  };

  return (sum: Sum): Worked => {
    let node: MathNode;
    try {
      node = math.parse(sum.expression);
    } catch {
      return none;
    }
    let parts = 0;
    let fine = true;
    let tasks = sum.base === undefined ? 0 : 1;
    node.traverse((part, _path, parent) => {
      parts += 1;
      fine &&= parts <= maxParts && allowed(part, parent);
      if (
        (math.isOperatorNode(part) && !part.implicit && part.fn !== "unaryMinus") ||
        math.isFunctionNode(part)
      )
        tasks += 1;
    });
    if (!fine || tasks === 0) return none;
    const words = node.filter((part) => math.isSymbolNode(part)).map(String);
    const shown = show(node);
    let value: unknown;
    try {
      value = node.evaluate();
    } catch (error) {
      // "3 pm" is a time of day sooner than a length.
      const clock = words.some((word) => word === "am" || word === "pm");
      return !clock && /units do not match/i.test(String(error))
        ? says(`${shown}: these units measure different things, so there is no answer.`)
        : none;
    }
    if (sum.base !== undefined) {
      const text = inBase(value, sum.base);
      return text === undefined ? none : says(`${sum.expression} = ${text}`);
    }
    if (typeof value === "boolean") return says(`${shown} is ${value}.`);
    if (isEndless(value)) return says(`${shown} has no value that can be worked out here.`);
    if (
      !math.isBigNumber(value) &&
      !math.isUnit(value) &&
      !math.isComplex(value) &&
      typeof value !== "number"
    )
      return none;
    if (math.isUnit(value) && value.units.length > 0 && words.every((word) => word === "am" || word === "pm"))
      return none;
    const asked = math.isOperatorNode(node) && node.fn === "to" ? show(node.args[0] ?? node) : shown;
    return says(`${asked} = ${format(value)}`);
  };
};
