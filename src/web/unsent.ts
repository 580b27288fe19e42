/**
 * Messages on their way to the hub, kept for as long as the tab lives: a reload, or a sign-in that ended, loses none.
 *
 * Owns: the tab's storage of them. Never: sends. Their keys make it safe to send one again that the hub has already.
 */
import type { FileView } from "../api/wire/web-wire.ts";

/** `reason`: why it is not sent; without one it is on its way. */
export type Unsent = {
  key: string;
  chat: string;
  text: string;
  files: FileView[];
  replyTo?: string | undefined;
  reason?: string | undefined;
};

const PLACE = "unsent";

export function readUnsent(): Unsent[] {
  // Written by keepUnsent alone.
  return JSON.parse(sessionStorage.getItem(PLACE) ?? "[]") as Unsent[];
}

export function keepUnsent(unsent: readonly Unsent[]): void {
  sessionStorage.setItem(PLACE, JSON.stringify(unsent));
}
