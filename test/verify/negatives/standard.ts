/** Refused by the Standard Webhooks schemes: times, ids, lists, encodings. */
import { genuine, NOW, SENT_AT_S, TIMED_SCHEMES } from "../samples.ts";
import type { SampledScheme } from "../samples.ts";
import type { Request } from "../samples.ts";
import type { RefusalReason } from "../../../src/verify/contract.ts";
import { base64Variant } from "./base64-variant.ts";
import type { Case } from "./case.ts";

export function timedCases(scheme: SampledScheme): Case[] {
  if (!TIMED_SCHEMES.includes(scheme)) return [];
  return [...timeCases(scheme), ...signedFieldCases(scheme), ...signatureCases(scheme)];
}

function timeCases(scheme: SampledScheme): Case[] {
  const at = (timestamp: string): Request => genuine(scheme, { timestamp });
  const malformed = [
    "NaN",
    "Infinity",
    `${SENT_AT_S}.0`,
    "1e9",
    `-${SENT_AT_S}`,
    `+${SENT_AT_S}`,
    `${SENT_AT_S}junk`,
    ` ${SENT_AT_S}`,
    `${SENT_AT_S} `,
    "0x6553f100",
    "17000000001700000000",
    `${NOW}`,
    "１７０００００００００",
    "",
    "null",
  ];
  return [
    { name: "301 s old", reason: "stale", request: at(String(SENT_AT_S - 301)) },
    { name: "301 s ahead", reason: "future", request: at(String(SENT_AT_S + 301)) },
    { name: "300.001 s old", reason: "stale", request: at(String(SENT_AT_S)), now: NOW + 300_001 },
    {
      name: "300.001 s ahead",
      reason: "future",
      request: at(String(SENT_AT_S)),
      now: NOW - 300_001,
    },
    { name: "the epoch", reason: "stale", request: at("0") },
    { name: "twelve nines", reason: "future", request: at("999999999999") },
    {
      name: "a clock of ours that is no number",
      reason: "stale",
      request: genuine(scheme),
      now: Number.NaN,
    },
    ...malformed.map(
      (text): Case => ({
        name: `timestamp "${text}"`,
        reason: "malformed_header",
        request: at(text),
      }),
    ),
  ];
}

function signedFieldCases(scheme: SampledScheme): Case[] {
  const id = (text: string, reason: RefusalReason): Case => ({
    name: `id "${text.slice(0, 12)}"`,
    reason,
    request: genuine(scheme, { id: text }),
  });
  const changed = (header: string, value: string): Request => {
    const { headers, body } = genuine(scheme);
    return { headers: { ...headers, [header]: [value] }, body };
  };
  const signed = sign(scheme);
  const shifted = { ...signed.headers, "webhook-id": [`msg.${SENT_AT_S}`] };
  return [
    {
      name: "another time than signed",
      reason: "bad_signature",
      request: changed("webhook-timestamp", String(SENT_AT_S + 1)),
    },
    {
      name: "a time out of the window and not signed",
      reason: "bad_signature",
      request: changed("webhook-timestamp", String(SENT_AT_S - 900)),
    },
    {
      name: "a leading zero that was not signed",
      reason: "bad_signature",
      request: changed("webhook-timestamp", `0${SENT_AT_S}`),
    },
    {
      name: "another id than signed",
      reason: "bad_signature",
      request: changed("webhook-id", "msg_2"),
    },
    {
      name: "the line between id and time moved",
      reason: "malformed_header",
      request: { headers: shifted, body: Buffer.from("{}") },
    },
    id("msg.1", "malformed_header"),
    id("msg 1", "malformed_header"),
    id("msg\u00e9", "malformed_header"),
    id("m".repeat(257), "malformed_header"),
  ];
}

function signatureCases(scheme: SampledScheme): Case[] {
  const signed = sign(scheme);
  const signature = signed.headers["webhook-signature"]?.[0] ?? "";
  const nine = Array.from({ length: 9 }, () => signature).join(" ");
  const otherVersion = scheme === "standard" ? "standard-v1a" : "standard";
  return [
    {
      name: "nine signatures",
      reason: "malformed_header",
      request: { ...signed, headers: { ...signed.headers, "webhook-signature": [nine] } },
    },
    {
      name: "signatures with two spaces between",
      reason: "malformed_header",
      request: {
        ...signed,
        headers: { ...signed.headers, "webhook-signature": [`${signature}  ${signature}`] },
      },
    },
    {
      name: "only the other version, genuine",
      reason: "unknown_version",
      request: genuine(otherVersion),
    },
    {
      name: "base64url",
      reason: "malformed_header",
      request: base64Variant(scheme, (text) => text.replaceAll("+", "-").replaceAll("/", "_")),
    },
    {
      name: "base64 without padding",
      reason: "malformed_header",
      request: base64Variant(scheme, (text) => text.replace(/=+$/, "")),
    },
    {
      name: "base64 with stray bits at its end",
      reason: "malformed_header",
      request: base64Variant(scheme, withStrayBits),
    },
    {
      name: "hex",
      reason: "malformed_header",
      request: base64Variant(scheme, (text) => Buffer.from(text, "base64").toString("hex")),
    },
  ];
}

/** A request whose body begins as a time does, so that the line between id and time could move. */
function sign(scheme: SampledScheme) {
  return genuine(scheme, {
    id: "msg",
    timestamp: String(SENT_AT_S),
    body: Buffer.from(`${SENT_AT_S}.{}`),
  });
}

function withStrayBits(base64: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const at = base64.indexOf("=") - 1;
  return (
    base64.slice(0, at) + alphabet[alphabet.indexOf(base64[at] ?? "") + 1] + base64.slice(at + 1)
  );
}
