import { type ChannelGrants, isGranted, namedChannels } from "../session/channel-grants.ts";
import { newChannelId } from "./channel-id.ts";

/** Whether one may begin conversations on channels, which get names that nobody has thought of. */
export const mayBegin = (grants: ChannelGrants | undefined): boolean => {
  const anyone = newChannelId();
  return isGranted(grants, "read", anyone) && isGranted(grants, "prompt", anyone);
};

/** Where one begins who names no conversation: a new one, or the first that one may read. */
export const firstChannel = (grants: ChannelGrants | undefined): string =>
  (mayBegin(grants) ? undefined : namedChannels(grants)[0]) ?? newChannelId();
