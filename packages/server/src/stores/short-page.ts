/** As many bodies of a page as take so many code units, with the one that takes more; the rest is not even read. */
export const shortPage = (bodies: Iterable<string>, chars: number): string[] => {
  const found: string[] = [];
  let taken = 0;
  for (const body of bodies) {
    found.push(body);
    taken += body.length;
    if (taken >= chars) break;
  }
  return found;
};
