/**
 * The address that a link may lead to: absolute, and `http`, `https` or `mailto` only. Anything else, a script or an
 * address within this page, is no link.
 */
export const safeUrl = (address: string): string | undefined => {
  const text = address.trim();
  if (!/^(?:https?:\/\/|mailto:)[^\s]/i.test(text)) return undefined;
  const parsed = URL.parse(text);
  return parsed && ["http:", "https:", "mailto:"].includes(parsed.protocol) ? parsed.href : undefined;
};
