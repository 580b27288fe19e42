/**
 * What a verifier is asked and what it tells: the types of this folder that others know.
 *
 * Owns: nothing that runs.
 */
import type { SignatureReach } from "../sdk/scheme.ts";

/** Lower-case names: a text where a header came once, or every value apart, as in node's `req.headersDistinct`. Never joined values. */
export type DistinctHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** As sent, nothing decoded. `path` is what follows the channel's name, without a slash in front; `query` what follows the `?`. */
export type RequestTarget = { method: string; path: string; query: string };

export type HeaderFault = {
  kind: "refused";
  reason: "missing_header" | "doubled_header" | "malformed_header" | "unknown_version";
  /** Its name; of a secret in the URL, where that should be: `?token`, `/in/<channel>/<secret>`. */
  header: string;
};

/** Codes for the audit log. A sender gets one answer for all of them. */
export type RefusalReason =
  | HeaderFault["reason"]
  | "bad_signature"
  | "bad_token"
  | "stale" // genuine, but older than the window
  | "future" // genuine, but from a clock ahead of ours
  | "no_time" // genuine, but without the time that its body should hold
  | "no_channel"; // only from the decoy

export type Refused = {
  kind: "refused";
  reason: RefusalReason;
  /** The header at fault. */
  header?: string;
  /** With `stale` and `future`: our clock minus the sender's, in ms. The signature was right. */
  skewMs?: number;
};

export type Verified = {
  kind: "verified";
  scheme: string;
  keyId: string;
  /** What the scheme's delivery header holds. */
  deliveryId?: string;
  /** Whether `deliveryId` was under the signature. */
  idSigned: boolean;
  reach: SignatureReach;
  /** Path and query without the secret that stood there. Absent where none did. */
  rest?: { path: string; query: string };
};

export interface Verifier {
  /**
   * Looks at the headers and the target only; nothing of the body is needed. `now` is epoch ms, and the one that the window is judged by.
   * Without a target a secret that belongs into the URL is missing.
   */
  begin(
    headers: DistinctHeaders,
    now: number,
    target?: RequestTarget,
  ): Refused | { kind: "begun"; check: BodyCheck };
  /** HMAC-SHA-256 of a text under the key of that id; absent where sender and we share no secret. */
  mac?(keyId: string, text: string): Buffer;
}

export interface BodyCheck {
  /** A chunk of the raw body, in order. Not copied: do not write into it again. */
  update(chunk: Buffer): void;
  /**
   * Fetches what `finish` needs, where the scheme needs that; call it between. Rejects where it cannot be had now: nothing is known of the
   * request then, and its sender is to come again.
   */
  settle?(): Promise<void>;
  /** The outcome, once, after the last chunk. */
  finish(): Verified | Refused;
}
