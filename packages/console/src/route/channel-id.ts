const letters = "0123456789abcdefghjkmnpqrstvwxyz";

/**
 * A new channel name that nobody guesses: 24 letters and digits (120 bits) and no `:`, which would attach to another wire's
 * conversation. `random` fills an array with random bytes.
 */
export const newChannelId = (
  random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array = (bytes) => crypto.getRandomValues(bytes),
): string => [...random(new Uint8Array(24))].map((byte) => letters[byte % letters.length]).join("");
