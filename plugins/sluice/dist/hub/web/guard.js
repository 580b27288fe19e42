const FORWARDED = new Set([
    "cf-connecting-ip",
    "forwarded",
    "true-client-ip",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
]);
/** Why a request is refused; undefined where it may go on. `path` is what the routes will see. */
export function findRefusal(request, port, remote) {
    const headers = readHeaders(request.rawHeaders);
    const [host, ...more] = headers.get("host") ?? [];
    const names = [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`];
    const place = toPlace(host, remote);
    if (host === undefined || more.length > 0 || (place === "here" && !names.includes(host)))
        return { status: 403, reason: "host" };
    // An absolute target names a host of its own, past the one that was just checked.
    if (!/^\/(?!\/)/.test(request.url ?? ""))
        return { status: 400, reason: "target" };
    if (isDisguised(request.url ?? ""))
        return { status: 400, reason: "target" };
    for (const name of headers.keys())
        if (place === "here" && FORWARDED.has(name))
            return { status: 403, reason: "forwarded" };
    const ours = place === "here" ? `http://${host}` : remote?.origin;
    for (const origin of headers.get("origin") ?? [])
        if (origin !== ours)
            return { status: 403, reason: "origin" };
    const isApi = request.url?.startsWith("/v1") === true;
    const site = headers.get("sec-fetch-site") ?? [];
    // A link to the page may be clicked anywhere; its data is asked for by the page alone.
    if (isApi && site.some((value) => value !== "same-origin"))
        return { status: 403, reason: "fetch-site" };
    return isApi ? findBodyRefusal(request, headers) : undefined;
}
/** By which way a request came, told by its Host: no two names are one. */
export function toPlace(host, remote) {
    return remote !== undefined && host === remote.host ? "remote" : "here";
}
/** A form, a beacon and a plain fetch can send only the simple types: none of them is among these. */
function findBodyRefusal(request, headers) {
    if (request.method === "GET" || request.method === "HEAD")
        return undefined;
    const types = headers.get("content-type") ?? [];
    const expected = request.url?.split("?", 1)[0] === "/v1/files" ? BYTES : JSON_TYPE;
    return types.length === 1 && types[0] === expected
        ? undefined
        : { status: 415, reason: `content-type must be ${expected}` };
}
/** A path that the routes would see as another one: what is asked here about /v1 must be true there. */
function isDisguised(url) {
    const [path = ""] = url.split(/[?#]/, 1);
    return (/(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)|\\/i.test(path) ||
        (!path.startsWith("/v1") && path.includes("%")));
}
const JSON_TYPE = "application/json";
const BYTES = "application/octet-stream";
function readHeaders(raw) {
    const headers = new Map();
    for (let at = 0; at + 1 < raw.length; at += 2) {
        const name = (raw[at] ?? "").toLowerCase();
        headers.set(name, [...(headers.get(name) ?? []), raw[at + 1] ?? ""]);
    }
    return headers;
}
