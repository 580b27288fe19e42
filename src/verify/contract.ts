/**
 * What a verifier is asked and what it tells: the types of this folder that others know.
 *
 * Owns: nothing that runs.
 */

/** Lower-case names: a text where a header came once, or every value apart, as in node's `req.headersDistinct`. Never joined values. */
export type DistinctHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export type HeaderFault = {
  kind: "refused";
  reason: "missing_header" | "doubled_header" | "malformed_header" | "unknown_version";
  header: string;
};

/** Codes for the audit log. A sender gets one answer for all of them. */
export type RefusalReason =
  | HeaderFault["reason"]
  | "bad_signature"
  | "bad_token"
  | "stale" // genuine, but older than the window
  | "future" // genuine, but from a clock ahead of ours
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
};

export interface Verifier {
  /** Looks at the headers only; nothing of the body is needed. `now` is epoch ms, and the one that the window is judged by. */
  begin(headers: DistinctHeaders, now: number): Refused | { kind: "begun"; check: BodyCheck };
}

export interface BodyCheck {
  /** A chunk of the raw body, in order. Not copied: do not write into it again. */
  update(chunk: Buffer): void;
  /** The outcome, once, after the last chunk. */
  finish(): Verified | Refused;
}
