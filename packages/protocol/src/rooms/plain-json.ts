/** Deeper than anything that is meant; writing it out would take seconds, and some client's parser would fail on it. */
const maxDepth = 128;

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/**
 * Whether a value of a client's event may be written as JSON: nested no deeper than sensible, and without bytes. The packets
 * of Socket.IO may carry those, and may name the same ones a hundred thousand times over, which JSON would write out each time.
 */
export const isPlainJson = (value: unknown): boolean => {
  let level = [value].filter(isObject);
  for (let depth = 0; level.length > 0; depth += 1) {
    const next: object[] = [];
    for (const one of level) {
      if (depth >= maxDepth || ArrayBuffer.isView(one) || one instanceof ArrayBuffer) return false;
      for (const member of Object.values(one)) if (isObject(member)) next.push(member);
    }
    level = next;
  }
  return true;
};
