import { all, create, type FactoryFunctionMap, type MathNode } from "mathjs";

/** A result, or why there is none, as a sentence for the model. */
export type Evaluated =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly says: string };

/** Functions of numbers; nothing that reads text, calls back, makes units or changes the calculator. */
const functions = new Set(
  `abs acos acosh asin asinh atan atan2 atanh cbrt ceil combinations cos cosh cot csc cube exp expm1 factorial fix floor gamma gcd
  hypot invmod lcm log log10 log1p log2 max mean median min mod nthRoot permutations pow prod round sec sign sin sinh
  sqrt square std sum tan tanh variance isPrime bitAnd bitOr bitXor bitNot leftShift rightArithShift det inv transpose dot cross
  add subtract multiply divide re im arg conj bin oct hex`.split(/\s+/),
);
const constants = new Set(["pi", "e", "tau", "phi", "i", "true", "false"]);

/** Signs as people and models write them. */
const plainSigns = (expression: string): string =>
  expression.replaceAll(/[×·]/g, "*").replaceAll("÷", "/").replaceAll("−", "-");

const maxParts = 300;
const shownDigits = 20;

const everything: FactoryFunctionMap = all ?? {};

/**
 * A calculator of one's own. The language of mathjs could do far more; what is not on these lists is refused before anything
 * of it runs.
 */
export const createEvaluate = (): ((expression: string) => Evaluated) => {
  const math = create(everything, { number: "BigNumber", precision: 64 });

  const faultOf = (node: MathNode, parent: MathNode | undefined): string | undefined => {
    if (math.isConstantNode(node))
      return typeof node.value === "string" ? "texts are not worked with" : undefined;
    if (math.isFunctionNode(node)) {
      if (math.isSymbolNode(node.fn) && functions.has(node.fn.name)) return undefined;
      return `there is no function ${node.fn.toString().slice(0, 40)}`;
    }
    if (math.isSymbolNode(node)) {
      const called = parent !== undefined && math.isFunctionNode(parent) && parent.fn === node;
      if (called || constants.has(node.name) || math.Unit.isValuelessUnit(node.name)) return undefined;
      return `${node.name.slice(0, 40)} is no number and no unit`;
    }
    const fine =
      math.isOperatorNode(node) ||
      math.isParenthesisNode(node) ||
      math.isArrayNode(node) ||
      math.isConditionalNode(node) ||
      node.type === "RelationalNode";
    return fine ? undefined : "only sums, functions of numbers and conversions of units are worked out";
  };

  const format = (value: unknown): string =>
    math.isBigNumber(value) && value.isInteger() && value.e < 64
      ? value.toFixed()
      : math.format(value, { precision: shownDigits, upperExp: 21, lowerExp: -9 });

  const readable = (thrown: unknown): string =>
    (thrown instanceof Error ? thrown.message : String(thrown)).slice(0, 200);

  return (expression) => {
    let node: MathNode;
    try {
      node = math.parse(plainSigns(expression));
    } catch (error) {
      return { ok: false, says: `That could not be read: ${readable(error)}` };
    }
    let parts = 0;
    let fault: string | undefined;
    node.traverse((part, _path, parent) => {
      parts += 1;
      fault ??= parts > maxParts ? "it has too many parts" : faultOf(part, parent);
    });
    if (fault !== undefined) return { ok: false, says: `That cannot be worked out: ${fault}.` };
    try {
      return { ok: true, text: format(node.evaluate()) };
    } catch (error) {
      return { ok: false, says: `That has no value: ${readable(error)}` };
    }
  };
};
