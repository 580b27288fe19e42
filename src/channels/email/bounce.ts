/**
 * Reports that a mail of ours was not delivered.
 *
 * Owns: which of them are believed, and what a session reads of one. Pure. Never: fetches.
 *
 * BOUNCE-1 Anybody can send a report. It counts only where it names a mail of ours, whose id nobody else can make (MAILID-1).
 */
import type { Arrival, Quote } from "../../sdk/event.ts";
import { cut, toNameField, toRefField } from "../../sdk/field.ts";
import { findHeader, type MailHeaders, parseHeaders, readMessageIds } from "./headers.ts";
import type { OwnMessageIds } from "./message-id.ts";

export type FailureReport = {
  channel: string;
  headers: MailHeaders;
  /** The part that programs read; empty where there is none. */
  facts: Buffer;
  /** The header of the mail that it is about; empty where it is not there. */
  original: Buffer;
  text: string;
  receivedAt: number;
};

const MAX_TEXT_CHARS = 2_000;

/** Undefined where it is about no mail of ours (BOUNCE-1). */
export function toBounce(report: FailureReport, own: OwnMessageIds): Arrival | undefined {
  const { channel, headers, text, receivedAt } = report;
  const original = parseHeaders(report.original);
  const id = [
    findHeader(original, "message-id"),
    findHeader(headers, "in-reply-to"),
    findHeader(headers, "references"),
  ]
    .flatMap((value) => readMessageIds(value))
    .find((one) => own.isOurs(one));
  if (id === undefined) return undefined;
  const { recipient, action, status, diagnostic } = readFacts(report.facts);
  const to = recipient ?? readRecipient(findHeader(original, "to"));
  const whom = to === undefined ? "Your mail" : `Your mail to ${to}`;
  const isLate = action === "delayed";
  const words: Quote[] = [
    { label: "subject", text: toNameField(findHeader(original, "subject") ?? "", 200) },
    diagnostic === ""
      ? { label: "report", text: cut(text, MAX_TEXT_CHARS) }
      : { label: "diagnostic", text: diagnostic },
  ];
  const code = status === "" ? "" : ` (${status})`;
  return {
    channel,
    kind: isLate ? "delay" : "bounce",
    sender: { id: "mail-server" },
    text: isLate
      ? `${whom} is not delivered yet${code}; the server goes on trying`
      : `${whom} was not delivered${code}`,
    quotes: words.filter((one) => one.text.trim() !== ""),
    meta: {
      message_id: toRefField(id, 250),
      ...(to === undefined ? {} : { recipient: to }),
      ...(status === "" ? {} : { status }),
      severity: isLate ? "warning" : "error",
    },
    priority: isLate ? "low" : "normal",
    ack: "auto",
    verified: "message-id",
    deliveryId: `report ${readMessageIds(findHeader(headers, "message-id"))[0] ?? `${id} ${action} ${status}`}`,
    occurredAt: receivedAt,
  };
}

/** Of the first recipient: we write to one. https://www.rfc-editor.org/rfc/rfc3464#section-2.3 */
function readFacts(part: Buffer): {
  recipient: string | undefined;
  action: string;
  status: string;
  diagnostic: string;
} {
  // Blocks of headers, with empty lines between them.
  const fields = part
    .toString("utf8")
    .split(/\r?\n\r?\n/)
    .slice(0, 20)
    .flatMap((block) => parseHeaders(Buffer.from(block)));
  const read = (name: string): string => findHeader(fields, name) ?? "";
  const [, status = ""] = /\b([245]\.\d{1,3}\.\d{1,3})\b/.exec(read("status")) ?? [];
  return {
    recipient: readRecipient(read("final-recipient") || read("original-recipient")),
    action: read("action").toLowerCase().trim(),
    status,
    diagnostic: cut(read("diagnostic-code").replace(/^\s*[a-z0-9-]+\s*;\s*/i, ""), MAX_TEXT_CHARS),
  };
}

function readRecipient(value: string | undefined): string | undefined {
  const [address] = /[^\s<>,;:"()]{1,64}@[^\s<>,;:"()]{1,190}/.exec(value ?? "") ?? [];
  return address === undefined ? undefined : toNameField(address, 256);
}
