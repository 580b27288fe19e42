/**
 * The platform's own end of a webhook, where a program may make it.
 *
 * Owns: the shape of what a kind of channel brings for that. Never: keeps a credential, or knows of a hub.
 */
import type { Secret } from "./secret.ts";

/** By whom the platform is asked: its own command-line program, which the owner has signed in, or a token of the owner's. */
export type HookCredential =
  | { kind: "program"; path: string; env: Readonly<Record<string, string | undefined>> }
  | { kind: "token"; token: Secret };

/** Where on the platform: a repository, an organisation. As the owner types it. */
export type HookPlace = { target: string; credential: HookCredential };

/** What the platform is told of our end. */
export type HookEnd = { url: string; secret: Secret };

export type PlatformHooks = {
  /** The platform's command-line program. */
  program: string;
  /** What a target looks like, for messages. */
  example: string;
  /** The events that are asked for where the owner names none. */
  events: readonly string[];
  /** The one way to write a target. @throws SluiceError `bad_input`. */
  parseTarget(text: string): string;
  /**
   * Resolves to the platform's id. One that has the same URL already is taken over.
   * @throws SluiceError `unauthorized`, `not_found`, `rate_limited`, `send_failed` and `bad_input`, with what its owner can do.
   */
  make(place: HookPlace, end: HookEnd, events: readonly string[]): Promise<string>;
  /** The same hook with another URL or secret. @throws as `make`; `not_found` where its owner has removed it. */
  change(place: HookPlace, id: string, end: HookEnd): Promise<void>;
  /** One that is gone already is removed. @throws as `make`. */
  remove(place: HookPlace, id: string): Promise<void>;
};
