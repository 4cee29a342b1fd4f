import type { RoomConversation, RoomView } from "@colloquy/client/rooms";
import { type JSX, useState } from "react";
import { deviceKeep } from "../parts/storage.ts";
import { type Offer, type OfferedModel, usualSource } from "./offer.ts";

interface Props {
  readonly conversation: RoomConversation | undefined;
  readonly room: RoomView | undefined;
  readonly offer: Offer;
}

const byProvider = (
  models: readonly OfferedModel[],
): readonly (readonly [string, readonly OfferedModel[]])[] => [
  ...Map.groupBy(models, ({ provider }) => provider),
];

/** The room's model, and others to go on with from the next prompt. */
export const ModelPicker = ({ conversation, room, offer }: Props): JSX.Element => {
  const [fault, setFault] = useState<string>();
  /** What was chosen, until the server has said whether that holds. */
  const [wanted, setWanted] = useState<string>();
  const model = wanted ?? room?.model ?? "";
  const listed = offer.models.some(({ id }) => id === model);
  const choose = async (id: string): Promise<void> => {
    setWanted(id);
    try {
      await conversation?.use(usualSource, id);
      deviceKeep.set("model", id);
      setFault(undefined);
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
    }
    setWanted(undefined);
  };
  return (
    <>
      <select
        className="model-picker"
        aria-label="Model"
        title={fault ?? "Model"}
        value={model}
        disabled={room?.role !== "owner"}
        onChange={(event) => void choose(event.target.value)}
      >
        {!listed && <option value={model}>{model === "" ? "…" : model}</option>}
        {byProvider(offer.models).map(([provider, models]) => (
          <optgroup key={provider} label={provider === "" ? "Models" : provider}>
            {models.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      {fault !== undefined && (
        <span className="off-screen" role="alert">
          {fault}
        </span>
      )}
    </>
  );
};
