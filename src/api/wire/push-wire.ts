/**
 * What travels between the hub and a browser that is told of prompts, in one place for both sides.
 *
 * Owns: schemas of requests, types of answers, what a push message holds. Never: behaviour.
 */
import { z } from "zod";

/** A browser's subscription, as `PushSubscription.toJSON` gives it. Keys are base64url. */
export const subscribeSchema = z.object({
  endpoint: z.string().min(1).max(2_000),
  keys: z.object({
    p256dh: z.string().regex(/^[\w-]{80,100}$/, "must be base64url"),
    auth: z.string().regex(/^[\w-]{20,40}$/, "must be base64url"),
  }),
});

export const pushAnswerSchema = z.strictObject({
  handle: z.string().regex(/^[\w-]{43}$/, "is no handle"),
  verdict: z.enum(["allow", "deny"]),
});
export type PushAnswer = z.input<typeof pushAnswerSchema>;

/** `publicKey`: what a subscription is tied to, base64url. `isOn`: this browser has one here. */
export type PushStateView = { publicKey: string; isOn: boolean };

/** What became of a button: `text` is for people. `done` closes the notification. */
export type PushAnswerView = { kind: "done" | "late" | "refused"; text: string };

/**
 * What a push message holds; everything in it is masked and visible. `prompt` waits, `end` is over, `sum` only points to the page.
 * With a `handle` it can be answered on the spot.
 */
export type PushPayload = {
  kind: "prompt" | "end" | "sum";
  /** Of the prompt, or of what it sums up: a later message takes its place. */
  id: string;
  title: string;
  body: string;
  handle?: string;
};
