/**
 * Buttons on a platform that has none: the bot reacts to its own message with a word for each, and a tap on one is a reaction as well.
 *
 * Owns: which words, and how a message keeps what they stand for. Never: reacts (reactions.ts).
 *
 * MXBUTTON-1 What a word stands for is written in the message itself: a hub that was restarted knows it, and an edit takes it away.
 */
import type { OutgoingMessage } from "sluice";
import { listAt, textAt } from "./json.ts";

/** Of the content of our own events. */
export const FIELD = "dev.sluice.buttons";
const MAX_KEY_CHARS = 60;
const MAX_BUTTONS = 20;

export type Button = { id: string; key: string };

export function toButtons(rows: OutgoingMessage["buttons"] = []): Button[] {
  const taken = new Set<string>();
  return rows
    .flat()
    .filter(({ asks }) => asks === undefined)
    .slice(0, MAX_BUTTONS)
    .map(({ id, label }) => {
      const plain = label.replaceAll(/\s+/g, " ").trim() || id;
      const short = [...new Intl.Segmenter().segment(plain)]
        .map(({ segment }) => segment)
        .slice(0, MAX_KEY_CHARS)
        .join("");
      let key = short;
      for (let nth = 2; taken.has(key); nth++) key = `${short} (${nth})`;
      taken.add(key);
      return { id, key };
    });
}

/** Of a content that we wrote. */
export function buttonsOf(content: unknown): Button[] {
  return listAt(content, FIELD).flatMap((one): Button[] => {
    const [id, key] = [textAt(one, "id"), textAt(one, "key")];
    return id === undefined || key === undefined ? [] : [{ id, key }];
  });
}
