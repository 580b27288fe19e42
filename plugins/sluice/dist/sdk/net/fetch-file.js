/**
 * Fetching a file by a URL that came from outside: for channels whose platform hands out URLs.
 *
 * Owns: limiting such a URL to the platform's own hosts. Never: stores the file.
 *
 * FETCH-1 Only https (http where the channel says so), only hosts that the channel lists, no credentials in the URL, no redirects.
 * FETCH-2 The address is checked as it is connected to: a name that resolves to a private or special range makes no connection,
 *    whatever it resolved to a moment before. Where a proxy leads to the name (proxy.ts), the proxy finds the address: what this machine can
 *    reach, it cannot be made to reach by that.
 * FETCH-3 Ten seconds and `maxBytes`, counted while reading; the announced length is not believed.
 */
import { lookup as systemLookup } from "node:dns";
import { BlockList, isIP } from "node:net";
import { isSluiceError, SluiceError } from "../errors.js";
import { request } from "./request.js";
/**
 * The file's content.
 * @throws SluiceError `bad_input` for a URL that may not be fetched, `too_large`, `send_failed` (retryable) for the network's faults.
 */
export async function fetchFile(url, options) {
    const { maxBytes, timeoutMs = 10_000, headers = {}, signal } = options;
    const target = toTarget(url, options);
    const isOwn = options.ownOrigin !== undefined && target.host === options.ownOrigin;
    const late = AbortSignal.timeout(timeoutMs);
    const { status, body } = await request(target, {
        headers,
        maxBytes,
        connectMs: timeoutMs,
        timeoutMs,
        signal: AbortSignal.any([late, ...(signal === undefined ? [] : [signal])]),
        ...(isOwn ? {} : { lookup: toPublicLookup("a file's URL", options.resolve) }),
    }).catch((thrown) => {
        if (isSluiceError(thrown, "too_large"))
            throw new SluiceError("too_large", `a file is larger than ${maxBytes} bytes; not fetched`);
        // What the lookup found stands for itself.
        if (!isSluiceError(thrown, "send_failed"))
            throw thrown;
        const why = late.aborted ? `not within ${Math.ceil(timeoutMs / 1_000)} s` : thrown.message;
        throw toFault(target, why, true);
    });
    if (status === 200)
        return body;
    throw toFault(target, `${status}`, status === 429 || status >= 500);
}
function toTarget(text, options) {
    const refuse = (why) => {
        throw new SluiceError("bad_input", `a file's URL was refused: ${why}`);
    };
    if (!URL.canParse(text))
        return refuse("it is no URL");
    const url = new URL(text);
    if (url.username !== "" || url.password !== "")
        return refuse("it holds credentials");
    if (options.ownOrigin !== undefined && url.host === options.ownOrigin) {
        return /^https?:$/.test(url.protocol) ? url : refuse(`${url.protocol} is not https`);
    }
    if (url.protocol !== "https:")
        return refuse(`${url.protocol} is not https`);
    if (url.port !== "")
        return refuse(`port ${url.port} is not the platform's`);
    // A literal address is no platform's host; node's own resolver would not be asked for it either.
    if (isIP(url.hostname.replace(/^\[|\]$/g, "")) !== 0)
        return refuse("it names an address");
    if (!options.hosts.some((host) => isHost(url.hostname, host)))
        return refuse("its host is not the platform's");
    return url;
}
function isHost(name, allowed) {
    return allowed.startsWith("*.") ? name.endsWith(allowed.slice(1)) : name === allowed;
}
/**
 * For `lookup` of a request to a host that came from outside (FETCH-2). `what` begins the fault's message.
 * A literal address is never looked up: refuse it before.
 */
export function toPublicLookup(what, resolve) {
    return (name, _options, done) => {
        const answer = (fault, addresses) => {
            if (fault !== null)
                return done(fault, []);
            // One private address among public ones is a trap as well: the system may choose it.
            const bad = addresses.find(({ address }) => isPrivateAddress(address));
            if (addresses.length === 0 || bad !== undefined) {
                const why = `${name} resolves to a private or special address`;
                return done(new SluiceError("bad_input", `${what} was refused: ${why}`), []);
            }
            done(null, addresses);
        };
        if (resolve === undefined)
            systemLookup(name, { all: true }, answer);
        else
            resolve(name, answer);
    };
}
/** True for every address that is not an ordinary one of the public internet. */
export function isPrivateAddress(address) {
    const family = isIP(address);
    if (family === 0)
        return true;
    if (family === 4)
        return SPECIAL.check(address, "ipv4");
    // Addresses that wrap an IPv4 one are judged by it, where they are not refused as a whole.
    return !PUBLIC_V6.check(address, "ipv6") || SPECIAL.check(address, "ipv6");
}
/** https://www.iana.org/assignments/iana-ipv4-special-registry, https://www.iana.org/assignments/iana-ipv6-special-registry */
const SPECIAL = toBlockList([
    ["0.0.0.0", 8],
    ["10.0.0.0", 8],
    ["100.64.0.0", 10],
    ["127.0.0.0", 8],
    ["169.254.0.0", 16],
    ["172.16.0.0", 12],
    ["192.0.0.0", 24],
    ["192.0.2.0", 24],
    ["192.88.99.0", 24],
    ["192.168.0.0", 16],
    ["198.18.0.0", 15],
    ["198.51.100.0", 24],
    ["203.0.113.0", 24],
    ["224.0.0.0", 3],
], [
    ["2001::", 23],
    ["2001:db8::", 32],
    ["2002::", 16],
    ["3fff::", 20],
]);
/** Global unicast: mapped, translated, link-local, unique-local and loopback addresses lie outside of it. */
const PUBLIC_V6 = toBlockList([], [["2000::", 3]]);
function toBlockList(v4, v6) {
    const list = new BlockList();
    for (const [net, prefix] of v4)
        list.addSubnet(net, prefix, "ipv4");
    for (const [net, prefix] of v6)
        list.addSubnet(net, prefix, "ipv6");
    return list;
}
function toFault(target, why, retryable) {
    return new SluiceError("send_failed", `a file at ${target.hostname} was not given: ${why}`, {
        retryable,
    });
}
