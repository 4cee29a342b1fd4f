import { useConversation, usePresence, useRoom } from "@colloquy/client/react";
import type { RoomsClient } from "@colloquy/client/rooms";
import { type JSX, useCallback, useEffect, useState } from "react";
import { Pane, type PaneSurroundings } from "../conversation/pane.tsx";
import { fullRights, readersRights } from "../conversation/rights.ts";
import { deviceKeep } from "../parts/storage.ts";
import { chatOf } from "../route/route.ts";
import { isFreshRoom, roomMade } from "./fresh-room.ts";
import { ModelPicker } from "./model-picker.tsx";
import { firstModel, type Offer, usualSource } from "./offer.ts";
import { NotInvited } from "./not-invited.tsx";
import { audienceWords } from "./people.ts";
import { PeopleButton } from "./people-button.tsx";
import { PeoplePanel } from "./people-panel.tsx";
import { TypingLine } from "./typing-line.tsx";
import { useOffer } from "./use-offer.ts";

interface Props extends PaneSurroundings {
  readonly rooms: RoomsClient;
  readonly loadOffer: () => Promise<Offer>;
  /** The name under which this page asks, as far as its token says. */
  readonly user: string | undefined;
}

const history = 60;
const peopleId = "people";

/** A room, once it is known which model a new one would get. */
export const RoomPane = ({ loadOffer, ...props }: Props): JSX.Element => {
  const offer = useOffer(loadOffer);
  return offer ? <OpenRoom {...props} offer={offer} /> : <main className="pane" inert={props.drawerOpen} />;
};

const OpenRoom = ({
  rooms,
  offer,
  user,
  ...around
}: Omit<Props, "loadOffer"> & { readonly offer: Offer }): JSX.Element => {
  const chatId = chatOf(around.channel) ?? "";
  const { conversation, view } = useConversation(rooms, chatId, {
    history,
    late: isFreshRoom(chatId),
    source: usualSource,
    model: firstModel(offer, deviceKeep.get("model")),
  });
  const room = useRoom(conversation);
  const { here, typing } = usePresence(conversation);
  const made = room?.roomId !== undefined;
  useEffect(() => {
    if (made) roomMade(chatId);
  }, [made, chatId]);
  const [shown, setShown] = useState(false);
  const onTyping = useCallback(() => conversation?.typing(), [conversation]);
  const me = room?.user ?? user;
  // Nobody else can be in a room that is not there yet.
  const present = made || me === undefined ? here : [me];
  const rights = room?.role === "reader" ? readersRights : fullRights;
  return (
    <Pane
      {...around}
      client={rooms}
      conversation={conversation}
      view={view}
      user={me}
      rights={rights}
      audience={audienceWords(room?.members ?? [], me)}
      notAllowed={<NotInvited user={me} />}
      takesFiles
      onTyping={onTyping}
      beside={
        <>
          <ModelPicker conversation={conversation} room={room} offer={offer} />
          <PeopleButton
            here={present}
            controls={peopleId}
            open={shown}
            onToggle={() => setShown((before) => !before)}
          />
        </>
      }
      below={
        shown && (
          <PeoplePanel
            id={peopleId}
            conversation={conversation}
            room={room}
            here={present}
            user={me}
            onClose={() => setShown(false)}
          />
        )
      }
      above={<TypingLine users={typing} />}
    />
  );
};
