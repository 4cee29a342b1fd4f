import * as schemas from "./command-parse.ts";
import type { Fields } from "./message-shapes.ts";
import type { SaidMessage } from "./room-command.ts";
import { fieldsOf, misfit, shape, withoutNulls, type Shaped } from "./shape-parse.ts";

const textMessage = "sbaw.incoming.text_message.user";
/** Of these an id says the same once more; other realtime frames repeat ids. */
const uniqueTypes: ReadonlySet<string> = new Set([textMessage, "conversation.item.create"]);

const shapeText = (item: Fields, override: unknown): SaidMessage | { readonly misfit: string } => {
  const read = schemas.item.safeParse(withoutNulls(item));
  const model = schemas.modelOverride.safeParse(override ?? undefined);
  const [issue] = [...(read.error?.issues ?? []), ...(model.error?.issues ?? [])];
  if (!read.success || !model.success)
    return { misfit: misfit(["message", "data", "item", ...(issue?.path ?? [])], issue?.message) };
  const { content, files, model_id: own } = read.data;
  if (content === undefined && !files?.length)
    return { misfit: 'Field "message.data.item.content": missing.' };
  const chosen = model.data ?? own;
  return {
    type: textMessage,
    text: content ?? "",
    unique: true,
    ...(chosen !== undefined && { model: chosen }),
    ...(files?.length && { files }),
    data: {},
  };
};

export const shapeMessage = (payload: Fields): Shaped =>
  shape(schemas.leaveRoom, payload, ({ room_id: roomId }) =>
    shape(
      schemas.anyMessage,
      payload["message"],
      ({ type, id, data }) => {
        const said =
          type === textMessage
            ? shapeText(fieldsOf(data["item"]), payload["model_id"])
            : { type, text: "", unique: uniqueTypes.has(type), data };
        return "misfit" in said ? said : { kind: "say", roomId, id, message: said };
      },
      ["message"],
    ),
  );

export const shapeEvent = (payload: Fields): Shaped =>
  shape(schemas.leaveRoom, payload, ({ room_id: roomId }) =>
    shape(
      schemas.anyEvent,
      payload["event"],
      ({ type, id, data }) => {
        if (type === "sbaw.assistant.stop_processing") return { kind: "stop", roomId, id };
        if (type !== "sbaw.assistant.update_session")
          return { misfit: "There is no event of that type.", code: "unknown_action" };
        return shape(
          schemas.sessionUpdate,
          data ?? {},
          ({ instructions, history_length: history, ...rest }) => ({
            kind: "configure",
            roomId,
            id,
            wishes: {
              ...(instructions !== undefined && { instructions }),
              ...(history !== undefined && { history }),
              ...(rest.auto_execute_functions !== undefined && { autoExecute: rest.auto_execute_functions }),
              ...(rest.tools && { tools: rest.tools }),
            },
          }),
          ["event", "data"],
        );
      },
      ["event"],
    ),
  );
