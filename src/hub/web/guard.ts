/**
 * Decides which requests the browser's listener accepts, before anything is routed or read.
 *
 * Owns: Host, Origin, and signs that a request came from elsewhere. Never: who is signed in (sign-in.ts). Pure.
 *
 * GUARD-1 Host appears exactly once and is one of three literal names with our port, or the name that the owner gave to their tunnel: a
 *    name that an attacker's DNS points here is not among them.
 * GUARD-2 Where a browser says which page asks, it must be ours. Another port of this machine is as foreign as another host, though
 *    browsers count ports as one site.
 * GUARD-3 Under this machine's own names nothing comes through a proxy or a tunnel: there a launch link is all that a sign-in needs.
 * GUARD-4 A tunnel's word on where a request came from is not believed, and nothing depends on it.
 */
import type { IncomingMessage } from "node:http";
import type { WebPlace } from "../../store/page/web-sessions.ts";
import type { RemoteOrigin } from "./sign-in/remote.ts";

export type Refusal = { status: 400 | 403 | 415; reason: string };

const FORWARDED = new Set([
  "cf-connecting-ip",
  "forwarded",
  "true-client-ip",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-real-ip",
]);

type Facts = Pick<IncomingMessage, "method" | "url" | "rawHeaders">;

/** Why a request is refused; undefined where it may go on. `path` is what the routes will see. */
export function findRefusal(
  request: Facts,
  port: number,
  remote?: RemoteOrigin,
): Refusal | undefined {
  const headers = readHeaders(request.rawHeaders);
  const [host, ...more] = headers.get("host") ?? [];
  const names = [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`];
  const place = toPlace(host, remote);
  if (host === undefined || more.length > 0 || (place === "here" && !names.includes(host)))
    return { status: 403, reason: "host" };
  // An absolute target names a host of its own, past the one that was just checked.
  if (!/^\/(?!\/)/.test(request.url ?? "")) return { status: 400, reason: "target" };
  if (isDisguised(request.url ?? "")) return { status: 400, reason: "target" };
  for (const name of headers.keys())
    if (place === "here" && FORWARDED.has(name)) return { status: 403, reason: "forwarded" };
  const ours = place === "here" ? `http://${host}` : remote?.origin;
  for (const origin of headers.get("origin") ?? [])
    if (origin !== ours) return { status: 403, reason: "origin" };
  const isApi = request.url?.startsWith("/v1") === true;
  const site = headers.get("sec-fetch-site") ?? [];
  // A link to the page may be clicked anywhere; its data is asked for by the page alone.
  if (isApi && site.some((value) => value !== "same-origin"))
    return { status: 403, reason: "fetch-site" };
  return isApi ? findBodyRefusal(request, headers) : undefined;
}

/** By which way a request came, told by its Host: no two names are one. */
export function toPlace(host: string | undefined, remote: RemoteOrigin | undefined): WebPlace {
  return remote !== undefined && host === remote.host ? "remote" : "here";
}

/** A form, a beacon and a plain fetch can send only the simple types: none of them is among these. */
function findBodyRefusal(request: Facts, headers: Map<string, string[]>): Refusal | undefined {
  if (request.method === "GET" || request.method === "HEAD") return undefined;
  const types = headers.get("content-type") ?? [];
  const expected = request.url?.split("?", 1)[0] === "/v1/files" ? BYTES : JSON_TYPE;
  return types.length === 1 && types[0] === expected
    ? undefined
    : { status: 415, reason: `content-type must be ${expected}` };
}

/** A path that the routes would see as another one: what is asked here about /v1 must be true there. */
function isDisguised(url: string): boolean {
  const [path = ""] = url.split(/[?#]/, 1);
  return (
    /(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)|\\/i.test(path) ||
    (!path.startsWith("/v1") && path.includes("%"))
  );
}

const JSON_TYPE = "application/json";
const BYTES = "application/octet-stream";

function readHeaders(raw: readonly string[]): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] ?? "").toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), raw[at + 1] ?? ""]);
  }
  return headers;
}
