/** Ids that are remembered so that a doubled datagram is not answered twice. */
const remembered = 1_024;

export const createHandled = () => {
  const known = new Set<string>();
  return {
    /** False when it was added before, not long ago. */
    add(id: string): boolean {
      if (known.has(id)) return false;
      known.add(id);
      if (known.size > remembered) {
        const [oldest] = known;
        if (oldest !== undefined) known.delete(oldest);
      }
      return true;
    },
  };
};
