/** `HH:MM:SS` in the time zone that this program runs in, as peers of generation 1 write it. @param at milliseconds since the epoch */
export const timeOfDay = (at: number): string => new Date(at).toTimeString().slice(0, 8);
