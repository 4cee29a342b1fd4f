/** What a prompt asks of the stand-in, written into the prompt's own text so that it survives any server in between. */
export interface Order {
  /** Names the answer, so that its text can be checked later. */
  readonly key: string;
  /** Tokens a second. */
  readonly rate: number;
  /** Tokens of the whole answer; 0 means "until told to finish". */
  readonly count: number;
}

/** The prompt that places an order. */
export const orderText = (order: Order): string =>
  `bench key=${order.key} rate=${order.rate} count=${order.count}`;

const shape = /bench key=([\w.-]+) rate=(\d+) count=(\d+)/g;

/** The newest order in a request's body (the history may hold older ones). */
export const orderIn = (body: string): Order | undefined => {
  const [, key, rate, count] = [...body.matchAll(shape)].at(-1) ?? [];
  return key === undefined ? undefined : { key, rate: Number(rate), count: Number(count) };
};
