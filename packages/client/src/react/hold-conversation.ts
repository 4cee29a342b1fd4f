import type { Conversation, ConversationView } from "../conversation.ts";
import { createFrameNotifier, type Schedule } from "./frame-notifier.ts";

/** As much of a client as is needed to hold one of its conversations. */
export interface ConversationSource<C extends Conversation, O> {
  conversation(name: string, options?: O): C;
}

/** A conversation as a component sees it. The same object until something of it changed. */
export interface HeldConversation<C extends Conversation> {
  /** There from the first commit on. */
  readonly conversation: C | undefined;
  readonly view: ConversationView;
}

/** What `useSyncExternalStore` takes. */
export interface ConversationHold<C extends Conversation> {
  /** The conversation is held for as long as somebody listens; who listens is told at most once a frame. */
  readonly subscribe: (listener: () => void) => () => void;
  readonly state: () => HeldConversation<C>;
}

const unopened: ConversationView = { phase: "loading", turns: [], more: false };

export const holdConversation = <C extends Conversation, O>(
  source: ConversationSource<C, O>,
  name: string,
  options?: O,
  schedule?: Schedule,
): ConversationHold<C> => {
  let held: HeldConversation<C> = { conversation: undefined, view: unopened };
  return {
    subscribe(listener) {
      const opened = options === undefined ? source.conversation(name) : source.conversation(name, options);
      held = { conversation: opened, view: opened.view() };
      const [changed, stop] = createFrameNotifier(listener, schedule);
      const unsubscribe = opened.subscribe(changed);
      return () => {
        unsubscribe();
        stop();
        if (held.conversation === opened) held = { conversation: undefined, view: opened.view() };
        opened.close();
      };
    },
    state() {
      const view = held.conversation?.view() ?? held.view;
      if (view !== held.view) held = { ...held, view };
      return held;
    },
  };
};
