/**
 * What a channels client is given as its cursor: the place in the conversation and, after `~`, the place in the ring of
 * relayed frames. Opaque to clients; a cursor without the second half is good for the first.
 */
export interface RelayPlace {
  readonly ring: string;
  readonly seq: number;
}

export const joinCursor = (conversation: string, relay: RelayPlace | undefined): string =>
  relay && relay.seq > 0 ? `${conversation}~${relay.ring}.${relay.seq}` : conversation;

export const splitCursor = (
  cursor: string,
): { readonly conversation: string; readonly relay: RelayPlace | undefined } => {
  const [conversation = "", second] = cursor.slice(0, 2048).split("~", 2);
  const match = second === undefined ? undefined : /^([A-Za-z0-9_]{1,64})\.(\d{1,15})$/.exec(second);
  const [, ring, seq] = match ?? [];
  return { conversation, relay: ring === undefined ? undefined : { ring, seq: Number(seq) } };
};
