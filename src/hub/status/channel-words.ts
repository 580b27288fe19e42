/**
 * What the status says of one channel: where it is reached, and what its owner should know.
 *
 * Owns: these words. Never: looks at anything but what it is given.
 */
import type { ChannelView } from "../../api/wire/wire.ts";
import type { Channels } from "../channels/channels.ts";
import type { ChannelConfig } from "../settings/config.ts";

export function toUrls(
  { name, hooks }: ChannelConfig,
  channels: Pick<Channels, "toUrl" | "toPublicUrl">,
): Pick<ChannelView, "url" | "publicUrl" | "hooks"> {
  const publicUrl = channels.toPublicUrl(name);
  return {
    url: channels.toUrl(name),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(hooks === undefined || hooks.length === 0
      ? {}
      : { hooks: hooks.map(({ target, id, url, events }) => ({ target, id, url, events })) }),
  };
}

/** `missing`: paths of its template that the last request did not have; `hook`: why its platform's end does not lead here. */
export function toNotes(
  missing: ReadonlySet<string> | undefined,
  hook: string | undefined,
): Pick<ChannelView, "notes"> {
  const notes = [
    ...(missing === undefined || missing.size === 0 ? [] : [toMissingNote(missing)]),
    ...(hook === undefined ? [] : [hook]),
  ];
  return notes.length === 0 ? {} : { notes };
}

function toMissingNote(missing: ReadonlySet<string>): string {
  return `its template names ${[...missing].join(", ")}, which the last request did not have; "sluice replay-request <event>" tries another`;
}
