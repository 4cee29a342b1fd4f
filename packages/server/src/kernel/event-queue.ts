export interface EventQueueOptions {
  /** How much may be held, in the unit of {@link EventQueue.push}'s `size`, before the queue is full. */
  readonly capacity: number;
  /** The reader has emptied a queue that was full: the writer may go on. May push at once. */
  readonly onDrained: () => void;
  /** The reader left before the end (`break`, `return` or `throw` in its loop): nothing more is wanted. */
  readonly onLeft: () => void;
}

/**
 * A bounded queue between one writer that is called back and one reader that iterates.
 *
 * *Policy when full*: nothing is dropped. `full` turns true, the writer pauses its source, and `onDrained` lets it go on;
 * what a single callback of the source brings may go over `capacity`. *Cost*: a reader that waits is woken once, and
 * gets what was pushed meanwhile without waiting again. *One reader*, which asks for one item at a time.
 *
 * @example
 * const queue = new EventQueue<Line>({ capacity: 65_536, onDrained: () => socket.resume(), onLeft: () => socket.destroy() });
 * socket.on("data", (line) => { queue.push(line, line.length); if (queue.full) socket.pause(); });
 * for await (const line of queue) …
 */
export class EventQueue<T extends object> implements AsyncIterableIterator<T, undefined> {
  readonly #options: EventQueueOptions;
  #items: T[] = [];
  #head = 0;
  /** Size of all that was pushed since the queue was last empty: never less than what is held. */
  #size = 0;
  #waiting: PromiseWithResolvers<IteratorResult<T, undefined>> | undefined;
  #ended = false;
  #error: { readonly thrown: unknown } | undefined;

  constructor(options: EventQueueOptions) {
    this.#options = options;
  }

  /** Whether the writer should pause until `onDrained`. */
  get full(): boolean {
    return this.#size >= this.#options.capacity;
  }

  /** Hands an item to the reader; after the end it is ignored. */
  push(item: T, size: number): void {
    if (this.#ended) return;
    const waiting = this.#waiting;
    if (waiting) {
      this.#waiting = undefined;
      waiting.resolve({ value: item, done: false });
      return;
    }
    this.#items.push(item);
    this.#size += size;
  }

  /** Ends the iteration after what was pushed. The first end counts. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#waiting?.resolve({ value: undefined, done: true });
    this.#waiting = undefined;
  }

  /** Ends the iteration after what was pushed, by throwing. The first end counts. */
  fail(thrown: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#waiting) this.#waiting.reject(thrown);
    else this.#error = { thrown };
    this.#waiting = undefined;
  }

  /** Ends the iteration at once, by throwing: what was pushed and not read is dropped, an end not yet read overruled. */
  cut(thrown: unknown): void {
    this.#items = [];
    this.#head = 0;
    if (this.#ended) this.#error = { thrown };
    else this.fail(thrown);
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const item = this.#items[this.#head];
    if (item !== undefined) {
      this.#head += 1;
      if (this.#head === this.#items.length) this.#emptied();
      return Promise.resolve({ value: item, done: false });
    }
    if (this.#error) return this.#rethrow(this.#error.thrown);
    if (this.#ended) return Promise.resolve({ value: undefined, done: true });
    if (this.#waiting)
      return Promise.reject(new Error("an EventQueue has one reader, which asks for one item at a time"));
    this.#waiting = Promise.withResolvers();
    return this.#waiting.promise;
  }

  return(): Promise<IteratorResult<T, undefined>> {
    const left = !this.#ended;
    this.#ended = true;
    this.#error = undefined;
    this.#items = [];
    this.#head = 0;
    this.#waiting?.resolve({ value: undefined, done: true });
    this.#waiting = undefined;
    if (left) this.#options.onLeft();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #emptied(): void {
    const wasFull = this.full;
    this.#items.length = 0;
    this.#head = 0;
    this.#size = 0;
    if (wasFull && !this.#ended) this.#options.onDrained();
  }

  /** An error is thrown once; after it the iteration is over. */
  async #rethrow(thrown: unknown): Promise<never> {
    this.#error = undefined;
    throw thrown;
  }
}
