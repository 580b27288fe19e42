/**
 * Why arrivals were refused or dropped, in words.
 *
 * Owns: those words. Never: counts. Scripts find the reasons themselves in `--json` and in the metrics.
 */
import type { ChannelView, StatusView } from "../../api/wire/wire.ts";
import { toAgo, toLine } from "./print.ts";

type Refused = StatusView["refused"][number];

const WORDS: Readonly<Record<string, string>> = {
  no_channel: "for a channel that is not there",
  // The proof.
  missing_header: "without a proof",
  doubled_header: "with more than one proof",
  malformed_header: "with a malformed proof",
  unknown_version: "with a proof of an unknown version",
  bad_token: "with a wrong token",
  bad_signature: "with a wrong signature",
  stale: "signed too long ago",
  future: "signed ahead of this clock",
  not_local: "from a browser or another machine, where only local programs may",
  too_many_failures: "after too many wrong proofs",
  bad_listen_token: "to listen with a wrong token",
  too_many_streams: "to listen beside too many others",
  // The request.
  content_encoding: "compressed",
  too_large: "too large",
  bad_input: "malformed",
  header_mismatch: "with headers that do not fit the signed body",
  unsigned_header: "with a header that the signature does not cover",
  same_body: "with the signed bytes of an earlier event",
  unsupported: "of an unsupported type",
  ignored: "of a kind that is left out",
  aborted: "broken off",
  overload: "while too much came at once",
  crowded_out: "cut off for newer connections",
  rate_limited: "over the rate",
  quota_full: "while too many waited",
  paused: "while paused",
  // People in chats.
  "no-text": "without text",
  "no-rules": "while nobody may speak",
  disabled: "while the policy is disabled",
  broadcast: "from a broadcast",
  bot: "by bots",
  outsider: "by guests or people of other organisations",
  stranger: "by strangers",
  blocked: "by blocked people",
  "not-chatter": "by people without the role chatter",
  pairing: "by strangers who got a code",
  "pairing-silent": "by strangers who got a code a moment ago",
  "pairing-full": "by strangers while others wait to be paired",
  "code-wrong": "with a wrong code",
  "code-locked": "with a code while codes are locked",
  "group-not-listed": "in groups that are not listed",
  "not-listed": "by members who are not listed",
  "not-addressed": "in groups, to others",
  loop: "between two machines",
  "dead-letter": "that could not be read or stored",
};

/** Of one channel, the latest first: `12 without X-Hub-Signature-256 (last 2 min ago)`. */
export function toRefusedParts(channel: ChannelView, now: number): string[] {
  const { refused, refusedAt = {}, proofHeader } = channel;
  const reasons = Object.keys(refused).toSorted(
    (a, b) => (refusedAt[b] ?? 0) - (refusedAt[a] ?? 0),
  );
  return reasons.map((reason) => {
    const at = refusedAt[reason];
    const words =
      reason === "missing_header" && proofHeader !== undefined
        ? `without ${toLine(proofHeader)}`
        : toWords(reason);
    return `${refused[reason]} ${words}${at === undefined ? "" : ` (last ${toAgo(at, now)})`}`;
  });
}

/** `3 with a wrong token (ci)`; the name of a channel that is not there is not known. */
export function toRefusedText({ channel, reason, count }: Refused): string {
  return `${count} ${toWords(reason)}${channel === "-" ? "" : ` (${toLine(channel)})`}`;
}

function toWords(reason: string): string {
  return WORDS[reason] ?? toLine(reason).replaceAll(/[-_]/g, " ");
}
