const named: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  ensp: " ",
  emsp: " ",
  thinsp: " ",
  shy: "",
  zwnj: "",
  zwj: "",
  lrm: "",
  rlm: "",
  copy: "©",
  reg: "®",
  trade: "™",
  hellip: "…",
  ndash: "–",
  mdash: "—",
  lsquo: "‘",
  rsquo: "’",
  sbquo: "‚",
  ldquo: "“",
  rdquo: "”",
  bdquo: "„",
  laquo: "«",
  raquo: "»",
  lsaquo: "‹",
  rsaquo: "›",
  bull: "•",
  middot: "·",
  sect: "§",
  para: "¶",
  deg: "°",
  plusmn: "±",
  times: "×",
  divide: "÷",
  minus: "−",
  ne: "≠",
  le: "≤",
  ge: "≥",
  asymp: "≈",
  infin: "∞",
  micro: "µ",
  frac12: "½",
  frac14: "¼",
  frac34: "¾",
  sup1: "¹",
  sup2: "²",
  sup3: "³",
  euro: "€",
  pound: "£",
  yen: "¥",
  cent: "¢",
  larr: "←",
  uarr: "↑",
  rarr: "→",
  darr: "↓",
  hearts: "♥",
  check: "✓",
  szlig: "ß",
  aelig: "æ",
  AElig: "Æ",
  oslash: "ø",
  Oslash: "Ø",
  eth: "ð",
  thorn: "þ",
  iexcl: "¡",
  iquest: "¿",
  lbrack: "[",
  rbrack: "]",
  num: "#",
  colon: ":",
  comma: ",",
  period: ".",
  sol: "/",
};

/** Marks that letters bear, as combining characters: `eacute` is `e` with the second of them. */
const marks: Readonly<Record<string, string>> = {
  grave: "\u0300",
  acute: "\u0301",
  circ: "\u0302",
  tilde: "\u0303",
  uml: "\u0308",
  ring: "\u030a",
  caron: "\u030c",
  cedil: "\u0327",
};

const letter = /^([A-Za-z])(grave|acute|circ|tilde|uml|ring|caron|cedil)$/;
const entity = /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,24}));/g;

/** 128 to 159 mean what they mean in the character set that pages were once written in. */
const old = new TextDecoder("windows-1252");

const ofNumber = (code: number): string => {
  if (code >= 128 && code < 160) return old.decode(Uint8Array.of(code));
  return code === 0 || code > 0x10_ff_ff || (code >= 0xd8_00 && code <= 0xdf_ff)
    ? "\ufffd"
    : String.fromCodePoint(code);
};

const ofName = (name: string): string | undefined => {
  if (Object.hasOwn(named, name)) return named[name];
  const [, base = "", mark = ""] = letter.exec(name) ?? [];
  return base === "" ? undefined : `${base}${marks[mark] ?? ""}`.normalize("NFC");
};

/** The text with its entities as characters; rare names stay as they are. */
export const decodeEntities = (text: string): string =>
  text.includes("&")
    ? text.replaceAll(entity, (all, decimal?: string, hex?: string, name?: string) => {
        if (decimal !== undefined) return ofNumber(Number(decimal));
        if (hex !== undefined) return ofNumber(Number.parseInt(hex, 16));
        return ofName(name ?? "") ?? all;
      })
    : text;
