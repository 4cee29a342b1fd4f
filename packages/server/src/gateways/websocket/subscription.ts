import { closeCodes } from "@colloquy/protocol";
import { conversationOfChannel, type SubscribeOptions } from "@colloquy/protocol/channels";
import type { Principal } from "../../auth/principal.ts";
import type { Placed, Reader, Sink, Voice } from "../../conversation/conversations.ts";
import { toColloquyError, type ColloquyError } from "../../kernel/colloquy-error.ts";
import { subscribedFrame } from "./answers.ts";
import { createChannelsVoice, usesPart2, type Manner } from "./channels-voice.ts";
import type { GatewayContext } from "./context.ts";

/** A connection, as its subscriptions see it. */
export interface SubscriptionHost {
  readonly context: GatewayContext;
  readonly principal: Principal | undefined;
  /** It subscribed in the old form, whose frames carry `type` beside `channel`. */
  readonly old: boolean;
  /** Whether frames of so many bytes may go out now. */
  takes(bytes: number): boolean;
  /** Puts a subscription that found no room in line: it is woken when there is some. */
  makeRoomFor(subscription: Subscription): void;
  write(frame: Buffer): void;
  /** Sends what was asked for, room or no room. */
  answer(frame: Buffer): void;
  /** Ends a subscription that cannot go on, and says why. */
  drop(subscription: Subscription, error: ColloquyError): void;
  close(code: number, reason: string): void;
}

type Wish = Omit<SubscribeOptions, "channel">;

const placeIn = (wish: Wish): { cursor?: string; history?: number } => ({
  ...(wish.cursor !== undefined && { cursor: wish.cursor }),
  ...(wish.history !== undefined && { history: wish.history }),
});

/** One channel on one connection: a reader, how it is spoken to, and the way to the socket. */
export class Subscription implements Sink {
  voice: Voice;
  /** The connection publishes here too. One that never reads its own echo is not cut for it. */
  publishes = false;
  /** Stands in the connection's line of readers that wait for room. */
  waiting = false;
  readonly #host: SubscriptionHost;
  #manner: Manner;
  #reader: Reader;
  #closed = false;

  /** @throws ColloquyError `not_allowed` */
  constructor(host: SubscriptionHost, principal: Principal, options: SubscribeOptions) {
    this.#host = host;
    const part2 = usesPart2(options);
    this.#manner = { channel: options.channel, part2, mode: options.mode ?? "snapshot", old: host.old };
    this.voice = createChannelsVoice(this.#manner, host.context.clock);
    this.#reader = this.#attach(principal, options, part2);
  }

  get channel(): string {
    return this.#manner.channel;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Where its reader stands. */
  get cursor(): string {
    return this.#reader.cursor;
  }

  get reader(): Reader {
    return this.#reader;
  }

  get placed(): Promise<Placed> {
    return this.#reader.placed;
  }

  wake(): void {
    this.waiting = false;
    if (!this.#closed) this.#reader.wake();
  }

  /**
   * Subscribed to again: what is given replaces what was. With another place to read from it begins anew, so that the
   * answer comes before what is told from there.
   *
   * @throws ColloquyError `not_allowed`
   */
  change(principal: Principal, wish: Wish): Promise<Placed> {
    this.#speak({ part2: this.#manner.part2 || usesPart2(wish), mode: wish.mode ?? this.#manner.mode });
    if (wish.cursor === undefined && wish.history === undefined) {
      return this.#reader.replace({ voice: this.voice });
    }
    const reader = this.#attach(principal, wish, true);
    this.#reader.close();
    this.#reader = reader;
    return reader.placed;
  }

  /** Its connection turned out to be of the old form. */
  speakOld(): void {
    if (this.#manner.old) return;
    this.#speak({ old: true });
    void this.#reader.replace({ voice: this.voice }).catch(() => this.close());
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#reader.close();
  }

  ready(bytes: number): boolean {
    if (this.#host.takes(bytes)) return true;
    this.#host.makeRoomFor(this);
    return false;
  }

  send(frame: Buffer): void {
    this.#host.write(frame);
  }

  lost(cursor: string): void {
    if (!this.#manner.part2) return;
    this.#host.answer(subscribedFrame(this.channel, { cursor, recovered: false }, undefined));
  }

  fell(): void {
    const { principal } = this.#host;
    if (this.#closed || !principal) return;
    if (!this.publishes && !this.#manner.part2) {
      this.#host.close(closeCodes.tooSlow, "too slow for what is published here");
      return;
    }
    this.#reader.close();
    try {
      this.#reader = this.#attach(principal, {}, true);
    } catch (thrown) {
      this.#host.drop(this, toColloquyError(thrown));
      return;
    }
    if (!this.#manner.part2) {
      this.#reader.start();
      return;
    }
    // It became a part 2 subscriber after it had come as another one.
    void this.#reader.placed.then(
      ({ cursor }) => {
        if (this.#closed) return;
        this.lost(cursor);
        this.#reader.start();
      },
      (thrown: unknown) => this.#host.drop(this, toColloquyError(thrown)),
    );
  }

  #attach(principal: Principal, wish: Wish, forgiving: boolean): Reader {
    const { conversations } = this.#host.context;
    const options = { voice: this.voice, sink: this, forgiving, ...placeIn(wish) };
    return conversations.attach(principal, conversationOfChannel(this.channel), options);
  }

  #speak(change: Partial<Manner>): void {
    this.#manner = { ...this.#manner, ...change };
    this.voice = createChannelsVoice(this.#manner, this.#host.context.clock);
  }
}
