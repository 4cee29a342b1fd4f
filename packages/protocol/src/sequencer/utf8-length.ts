/** How many bytes a text takes in UTF-8; a lone surrogate counts as the three bytes of U+FFFD. */
export const utf8Length = (text: string): number => {
  let bytes = text.length;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    bytes += 1;
    if (unit < 0x800) continue;
    bytes += 1;
    // A pair is two units and four bytes: what its first unit was counted for here covers all of it.
    if (unit >= 0xd800 && unit < 0xdc00 && isLow(text.charCodeAt(i + 1))) {
      i += 1;
    }
  }
  return bytes;
};

const isLow = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000;
