/**
 * What a model and a person read of the files that came with a message.
 *
 * Owns: `attachment_count` and `attachments` in meta. Never: the reference, which may hold a token. Pure.
 */
import type { Arrival } from "../sdk/event.ts";
import { toFileName } from "./file-name.ts";

export const MAX_FILES = 20;

export function withFileFacts(arrival: Arrival): Arrival {
  const { files = [] } = arrival;
  if (files.length === 0) return arrival;
  const list = files.slice(0, MAX_FILES).map(({ name, mime, bytes }, index) => {
    const size = bytes === undefined ? "" : `, ${Math.max(1, Math.round(bytes / 1024))} kB`;
    return `${index + 1}. ${toFileName(name)} (${mime ?? "file"}${size})`;
  });
  return {
    ...arrival,
    meta: {
      ...arrival.meta,
      attachment_count: String(files.length),
      attachments: list.join("; "),
    },
  };
}
