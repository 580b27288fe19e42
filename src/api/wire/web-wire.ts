/**
 * What travels between the hub and its page in the browser, in one place for both sides.
 *
 * Owns: schemas of requests, types of answers. Never: behaviour.
 */
import { z } from "zod";
import { callerSchema } from "./access-wire.ts";
import type { Activity } from "../../sdk/message.ts";
import type { Chat, ChatFile, ChatMessage } from "../../store/page/chats.ts";

export const MESSAGE_MAX_CHARS = 32_000;
export const MESSAGE_MAX_FILES = 10;

/** Who asks for a launch link: what may be done with it depends on that. */
export const linkSchema = z.strictObject({ caller: callerSchema });

export const redeemSchema = z.strictObject({ token: z.string().min(1).max(128) });

/** Longer ones than anybody may set are not looked at. */
export const passphraseSignInSchema = z.strictObject({ passphrase: z.string().min(1).max(1_024) });

export const chatTitleSchema = z.strictObject({ title: z.string().trim().min(1).max(80) });

export const typedSchema = z
  .strictObject({
    text: z.string().max(MESSAGE_MAX_CHARS),
    files: z.array(z.string().max(64)).max(MESSAGE_MAX_FILES).default([]),
    replyTo: z.string().max(32).optional(),
    /** Made by the page: what is sent again after a broken connection is not a second message. */
    key: z.string().regex(/^[A-Za-z0-9-]{8,64}$/),
  })
  .refine(({ text, files }) => text.trim() !== "" || files.length > 0, "is empty");
export type TypedMessage = z.input<typeof typedSchema>;

export const correctedSchema = z.strictObject({
  text: z.string().max(MESSAGE_MAX_CHARS),
  key: z.string().regex(/^[A-Za-z0-9-]{8,64}$/),
});
export type CorrectedMessage = z.input<typeof correctedSchema>;

export const reactionSchema = z.strictObject({ reaction: z.string().max(16) });

export const historyQuerySchema = z.object({
  before: z.coerce.number().int().positive().default(Number.MAX_SAFE_INTEGER),
  limit: z.coerce.number().int().min(1).max(200).default(60),
});

export const fileQuerySchema = z.object({ name: z.string().min(1).max(512) });

export type ChatView = Chat;
export type FileView = ChatFile;
export type MessageView = ChatMessage;
/** What the page asks first. `listening`: how many sessions can take a message now. */
export type PageView = {
  version: string;
  listening: number;
  chats: ChatView[];
  maxFileBytes: number;
  maxFiles: number;
  /** The hub of `sluice demo`. */
  isDemo?: boolean | undefined;
};

/** What is pushed to every open tab. */
export type PushView =
  | { kind: "message"; message: MessageView }
  | { kind: "chat"; chat: ChatView }
  | { kind: "typing"; chat: string; activity: Activity }
  | { kind: "listening"; listening: number };

export type WebLinkView = {
  url: string;
  /** A person at a terminal asked for it: what sessions ask may be allowed in that browser. */
  mayAllow: boolean;
  /** Epoch ms. */
  expiresAt: number;
};
/** Times are epoch ms. `remote`: through the user's own tunnel. `idleAt`: when it ends unless it is used. */
export type WebSessionView = {
  id: string;
  label: string;
  place: "here" | "remote";
  createdAt: number;
  expiresAt: number;
  idleAt: number | null;
  mayAllow: boolean;
};
