/**
 * What a request must look like before anything else is asked of it.
 *
 * Owns: the ambiguities that node lets pass (two Hosts, absolute targets, silently dropped headers) and what may reach
 * an unsigned channel. Never: credentials. Forwarding headers are never believed.
 */
import type { IncomingMessage } from "node:http";
import { isLoopback } from "./rate-limit.ts";

export const MAX_HEADERS = 100;

/**
 * Headers that a browser adds, or a proxy: an unsigned channel is for programs on this machine alone.
 * Not `sec-fetch-mode`: node's own fetch sends it.
 */
const FOREIGN_HEADERS =
  /^(?:origin$|sec-fetch-site$|forwarded$|x-forwarded-|x-real-ip$|via$|cf-|true-client-ip$)/;

/** Why a request is refused unread with 400, or undefined. Depends on no channel, so the answer tells nothing. */
export function findFlaw(incoming: IncomingMessage): string | undefined {
  // Checked before any other header: node keeps the first ones and drops the rest without a word.
  if (incoming.rawHeaders.length > 2 * MAX_HEADERS) return `more than ${MAX_HEADERS} headers`;
  const { headers, headersDistinct } = incoming;
  if (headersDistinct["host"]?.length !== 1) return "the header host must be there once";
  if ((headersDistinct["content-type"]?.length ?? 0) > 1)
    return "the header content-type is repeated";
  const coding = headers["transfer-encoding"];
  // Node's parser refuses both of these today; a proxy in front may have read the body the other way.
  if (coding !== undefined && headersDistinct["content-length"] !== undefined)
    return "the length is given twice";
  if (coding !== undefined && coding.toLowerCase() !== "chunked")
    return "the transfer coding is not chunked";
  return isPlainTarget(incoming.url ?? "") ? undefined : "the request target is not a plain path";
}

/**
 * The channel's name and what follows it in the path, as sent: nothing is decoded, so nothing is decoded twice. No name behind
 * another door: the router takes `/%69n/x` for `/in/x`, and a proxy in front that lets only `/in/` through would not.
 */
export function splitTarget(door: "in" | "out", url: string): { name: string; path: string } {
  const end = url.indexOf("?");
  const [, first, name = "", ...rest] = (end === -1 ? url : url.slice(0, end)).split("/");
  return { name: first === door ? name : "", path: rest.join("/") };
}

/**
 * True for a request that a program on this machine made itself, by a loopback name and this very port.
 * A page in a browser may know the port: its requests carry Origin or Sec-Fetch-Site, or, after DNS rebinding, another Host.
 */
export function isLocalProgram(incoming: IncomingMessage): boolean {
  const { socket, headers } = incoming;
  if (!isLoopback(socket.remoteAddress)) return false;
  const port = socket.localPort;
  const { host } = headers;
  const isOurName =
    host === `127.0.0.1:${port}` || host === `localhost:${port}` || host === `[::1]:${port}`;
  return isOurName && !Object.keys(headers).some((name) => FOREIGN_HEADERS.test(name));
}

/** Headers that came once. One that came twice is left out: which of the two counts would be a guess. */
export function toSingleHeaders(incoming: IncomingMessage): Record<string, string> {
  const single: Record<string, string> = Object.create(null); // No prototype: names are a stranger's.
  const distinct = incoming.headersDistinct;
  for (const name in distinct) {
    const values = distinct[name];
    const [value] = values ?? [];
    if (value !== undefined && values?.length === 1) single[name] = value;
  }
  return single;
}

/** Origin-form (RFC 9112, 3.2.1) in printable ASCII, without a fragment, a backslash or dot segments. */
function isPlainTarget(url: string): boolean {
  return /^\/[\x21\x22\x24-\x5b\x5d-\x7e]*$/.test(url) && !/\/(?:\.|%2e){1,2}(?:[/?]|$)/i.test(url);
}
