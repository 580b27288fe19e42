/**
 * What a channel is to the hub, and `defineChannel`, the author's way to make one.
 *
 * Owns: the one shape of all channels. Never: transport, storage, or the decision who may speak.
 */
import type { AckPolicy, Arrival } from "./event.ts";

/** A request whose signature, size and headers are already in order. */
export type VerifiedRequest = {
  /** The configured name of the channel it was posted to. */
  channel: string;
  /** What follows the channel's name in the URL, without a slash in front; empty for none. Text, not a file path. */
  path: string;
  method: string;
  /** Lower-case names; one value each: a repeated security header was refused before. */
  headers: Readonly<Record<string, string>>;
  /** The raw bytes that were signed. */
  body: Buffer;
  /** Which scheme proved it. */
  verified: string;
  /** The delivery id that the signature scheme itself carries (Standard Webhooks' `webhook-id`). */
  signedId?: string;
  /** Epoch ms. */
  receivedAt: number;
};

/** What a channel makes of a request. `refuse` answers the sender with a 4xx and keeps nothing. */
export type Received =
  | { kind: "arrival"; arrival: Arrival }
  | { kind: "ignore"; reason: string }
  | { kind: "refuse"; status: 400 | 415; reason: string };

/** What a channel knows of its own configuration. */
export type ChannelOptions = {
  /** The configured name. */
  name: string;
  /** Replies are accepted and carried back. */
  twoWay: boolean;
};

export type ChannelDefinition = {
  /** The kind a user types after `sluice add`. Lower case. */
  kind: string;
  title: string;
  /** One line for `sluice add --help`. */
  description: string;
  /** What makes this channel's events done, unless configured. */
  ack: AckPolicy;
  /** Signature schemes that it may be verified with; the first is the default. Names of rows in verify/. */
  schemes: readonly [string, ...string[]];
  /** Largest body accepted, in bytes. */
  maxBodyBytes: number;
  /** Whether `--two-way` makes sense. Such a channel's replies go out on its own stream. */
  canReply: boolean;
  /** What to do on the platform's side, with the URL and the secret in hand: printed by `sluice add`. */
  nextStep: string;
  /** Turns a verified request into an arrival. Pure and fast; throws nothing for bad input, it returns `refuse`. */
  receive(request: VerifiedRequest, options: ChannelOptions): Received;
};

/**
 * Declares a channel. Checks the definition and returns it frozen; has no other effect.
 * @throws TypeError when the kind is not `[a-z][a-z0-9-]*` or the cap is not a positive integer.
 */
export function defineChannel(definition: ChannelDefinition): Readonly<ChannelDefinition> {
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(definition.kind)) {
    throw new TypeError(
      `channel kind "${definition.kind}" must match [a-z][a-z0-9-]*, at most 32 characters`,
    );
  }
  if (!Number.isSafeInteger(definition.maxBodyBytes) || definition.maxBodyBytes <= 0) {
    throw new TypeError(
      `channel ${definition.kind}: maxBodyBytes must be a positive integer, got ${definition.maxBodyBytes}`,
    );
  }
  return Object.freeze(definition);
}
