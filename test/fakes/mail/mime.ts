/**
 * A mail as an IMAP server outlines it: header, parts, their sections.
 *
 * Owns: enough of MIME for mails that a test writes. Never: broken mails: those are for a real server.
 */
export type Part = { header: string; body: string; type: string; children: Part[] };

export function parseMail(raw: string): Part {
  const end = raw.indexOf("\r\n\r\n");
  const header = end === -1 ? raw : raw.slice(0, end + 4);
  const body = end === -1 ? "" : raw.slice(end + 4);
  const type = (readField(header, "content-type") || "text/plain").split(";")[0] ?? "";
  const boundary = readParameter(readField(header, "content-type"), "boundary");
  const children = boundary === "" ? [] : split(body, boundary).map((part) => parseMail(part));
  return { header, body, type: type.trim().toLowerCase(), children };
}

export function readField(header: string, name: string): string {
  const unfolded = header.replace(/\r\n[ \t]+/g, " ");
  return new RegExp(`^${name}:[ \\t]*(.*)$`, "im").exec(unfolded)?.[1]?.trim() ?? "";
}

/** Of a section such as `1.2`, `TEXT`, `HEADER` or `1.MIME`; undefined where there is none. */
export function readSection(mail: Part, section: string): string | undefined {
  const name = section.toUpperCase();
  if (name === "HEADER") return mail.header;
  if (name === "TEXT") return mail.body;
  const [, path = "", what = ""] = /^([\d.]+?)(?:\.(MIME))?$/.exec(name) ?? [];
  let part: Part | undefined = mail;
  for (const number of path.split(".")) {
    if (part === undefined) return undefined;
    if (part.children.length === 0) return number === "1" ? part.body : undefined;
    part = part.children[Number(number) - 1];
  }
  return what === "MIME" ? part?.header : part?.body;
}

/** https://www.rfc-editor.org/rfc/rfc3501#section-7.4.2 */
export function toBodyStructure({ header, body, type, children }: Part): string {
  const [main = "text", sub = "plain"] = type.split("/");
  const parameters = toParameters(readField(header, "content-type"));
  const disposition = readField(header, "content-disposition");
  const placed =
    disposition === ""
      ? "NIL"
      : `(${quote(disposition.split(";")[0] ?? "")} ${toParameters(disposition)})`;
  if (children.length > 0)
    return `(${children.map((part) => toBodyStructure(part)).join("")} ${quote(sub)} ${parameters} ${placed} NIL NIL)`;
  const encoding = readField(header, "content-transfer-encoding") || "7BIT";
  const id = readField(header, "content-id");
  const basic = `${quote(main)} ${quote(sub)} ${parameters} ${id === "" ? "NIL" : quote(id)} NIL ${quote(encoding)} ${Buffer.byteLength(body)}`;
  const lines = main === "text" ? ` ${body.split("\r\n").length}` : "";
  return `(${basic}${lines} NIL ${placed} NIL NIL)`;
}

export function toEnvelope({ header }: Part): string {
  const field = (name: string): string => {
    const value = readField(header, name);
    return value === "" ? "NIL" : quote(value);
  };
  const people = (name: string): string => toPeople(readField(header, name));
  const from = people("from");
  return `(${field("date")} ${field("subject")} ${from} ${from} ${from} ${people("to")} ${people("cc")} NIL ${field("in-reply-to")} ${field("message-id")})`;
}

function toPeople(value: string): string {
  const found = [
    ...value.matchAll(/(?:"([^"]*)"\s*|([^"<,]*?)\s*(?=<))?<?([^\s<>,"]+)@([^\s<>,"]+)>?/g),
  ];
  if (found.length === 0) return "NIL";
  const one = ([, quoted = "", bare = "", user = "", host = ""]: RegExpExecArray): string => {
    const name = `${quoted}${bare}`.trim();
    return `(${name === "" ? "NIL" : quote(name)} NIL ${quote(user)} ${quote(host)})`;
  };
  return `(${found.map((person) => one(person)).join("")})`;
}

function toParameters(value: string): string {
  const found = [...value.matchAll(/;\s*([\w-]+)\s*=\s*(?:"([^"]*)"|([^\s;]+))/g)];
  if (found.length === 0) return "NIL";
  return `(${found.map(([, name = "", quoted, bare]) => `${quote(name)} ${quote(quoted ?? bare ?? "")}`).join(" ")})`;
}

function readParameter(value: string, name: string): string {
  const [, quoted, bare] =
    new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^\\s;]+))`, "i").exec(value) ?? [];
  return quoted ?? bare ?? "";
}

function split(body: string, boundary: string): string[] {
  return body
    .split(`--${boundary}`)
    .slice(1)
    .filter((part) => !part.startsWith("--"))
    .map((part) => part.replace(/^\r\n/, "").replace(/\r\n$/, ""));
}

function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}
