/**
 * What travels when a person is forgotten.
 *
 * Owns: schemas of requests, types of answers. Never: behaviour.
 */
import { z } from "zod";
import { callerSchema } from "./access-wire.ts";

const channel = z.string().min(1).max(32);
const id = z.string().min(1).max(256);

export const findPeopleSchema = z.strictObject({ text: id, channel: channel.optional() });
export type FoundPersonView = { channel: string; id: string; name: string | null; events: number };

export const forgetSchema = z.strictObject({
  channel,
  id,
  /** Only says what would go. */
  isDry: z.boolean(),
  /** The daily backups as well: all of them. */
  backups: z.boolean(),
});
export type ForgetRequest = z.output<typeof forgetSchema>;
export const forgetCallSchema = forgetSchema.extend({ caller: callerSchema });

/** `kept`: what stays, in words. */
export type ForgottenView = {
  channel: string;
  id: string;
  /** All in which they are known to be one person; that one among them. */
  places: { channel: string; id: string }[];
  isDone: boolean;
  /** They were on the list of who may speak; they are no more. */
  isListed: boolean;
  events: number;
  files: number;
  messages: number;
  quotes: number;
  prompts: number;
  kept: string[];
};
