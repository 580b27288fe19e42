/**
 * Which proxy leads to a host, as the environment says, and what its refusals mean.
 *
 * Owns: HTTPS_PROXY, HTTP_PROXY and NO_PROXY, in upper or lower case (lower counts first), alike on every Node. Never: connects.
 *
 * PROXY-1 No proxy leads to this machine.
 * PROXY-2 A proxy that is set and cannot be used is a fault: nothing then goes past it.
 * PROXY-3 No name, password or other part of a variable's value but host and port stands in a fault.
 */
import { BlockList, isIP } from "node:net";
import { domainToASCII } from "node:url";
import { SluiceError } from "../errors.js";
/** Undefined: the way is direct. @throws SluiceError `send_failed`, retryable (PROXY-2). */
export function findProxy(target, env = process.env) {
    if (isThisMachine(target.hostname))
        return undefined;
    // One proxy for both is common; a variable for TLS comes first where the server has it.
    const names = target.protocol === "https:" ? ["https_proxy", "http_proxy"] : ["http_proxy"];
    const variable = names
        .flatMap((name) => [name, name.toUpperCase()])
        .find((name) => (env[name] ?? "").trim() !== "");
    if (variable === undefined)
        return undefined;
    const noProxy = env["no_proxy"] || env["NO_PROXY"] || "";
    return isExempt(target, noProxy) ? undefined : readProxy(variable, env[variable] ?? "");
}
/** Also a name below `localhost`, whatever an address of this machine looks like. */
export function isThisMachine(hostname) {
    const host = toBare(hostname);
    if (isIP(host) !== 0)
        return OURS.check(host, isIP(host) === 6 ? "ipv6" : "ipv4");
    return host === "localhost" || host.endsWith(".localhost");
}
const OURS = new BlockList();
OURS.addSubnet("127.0.0.0", 8, "ipv4");
OURS.addAddress("0.0.0.0", "ipv4");
OURS.addAddress("::1", "ipv6");
OURS.addAddress("::", "ipv6");
function readProxy(variable, value) {
    const text = value.trim();
    const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
    const url = URL.canParse(full) ? new URL(full) : undefined;
    // A password with a "#" or "/" ends the host where it stands: what is left of it is no host, also where an "@" of the password makes it one.
    const isTorn = url !== undefined && `${url.pathname}${url.search}${url.hash}`.includes("@");
    if (url === undefined || url.hostname === "" || isTorn)
        throw toProxyFault(`${variable} is not the URL of a proxy`, "write it as http://HOST:PORT or http://NAME:PASSWORD@HOST:PORT, with special characters of the password as %XX");
    if (url.protocol !== "http:" && url.protocol !== "https:")
        throw toProxyFault(`${variable} names a proxy of the kind ${url.protocol}//, which is not known here`, "name one that begins with http:// or https://");
    const { username, password } = url;
    const credentials = `${decode(username)}:${decode(password)}`;
    return {
        url,
        variable,
        authorization: credentials === ":" ? undefined : `Basic ${Buffer.from(credentials).toString("base64")}`,
    };
}
function decode(text) {
    // A percent sign that was meant as one.
    const whole = text.replaceAll(/%(?![\da-f]{2})/gi, "%25");
    try {
        return decodeURIComponent(whole);
    }
    catch {
        return text; // Letters that are not UTF-8.
    }
}
/** Whether NO_PROXY names the target. Its entries: `*`, host names, which stand for all names below them too, addresses, networks. */
function isExempt(target, noProxy) {
    const host = toBare(target.hostname);
    const port = target.port || (target.protocol === "https:" ? "443" : "80");
    return noProxy
        .split(/[\s,;]+/)
        .filter((entry) => entry !== "")
        .some((entry) => isNamed(host, port, entry));
}
function isNamed(host, port, entry) {
    const text = entry.replace(/^[a-z][a-z0-9+.-]*:\/\//i, "").toLowerCase();
    const range = toRange(text);
    if (range !== undefined)
        return isIP(host) !== 0 && range.check(host, isIP(host) === 6 ? "ipv6" : "ipv4");
    // A port stands behind a name, an IPv4 address, or brackets.
    const [, name = "", wanted] = /^(\[[^\]]*\]|[^:/]*)(?::(\d+))?\/?$/.exec(text) ?? (isIP(text) === 6 ? [text, text] : []);
    if (name === "" || (wanted !== undefined && wanted !== port))
        return false;
    const bare = toBare(name);
    if (isIP(bare) !== 0)
        return isIP(host) !== 0 && toList([bare]).check(host, toFamily(host));
    const suffix = bare.replace(/^\*?\./, "");
    if (!suffix.includes("*")) {
        const ascii = domainToASCII(suffix) || suffix;
        return suffix !== "" && (host === ascii || host.endsWith(`.${ascii}`));
    }
    const pattern = bare.split("*").map((part) => part.replaceAll(/[^a-z0-9-]/g, String.raw `\$&`));
    return new RegExp(`^${pattern.join(".*")}$`).test(host);
}
/** `10.0.0.0/8`, `fd00::/8`, `10.0.0.1-10.0.0.9`. */
function toRange(text) {
    const list = new BlockList();
    const [, net = "", bits = ""] = /^\[?([0-9a-f.:]+)\]?\/(\d{1,3})$/.exec(text) ?? [];
    if (isIP(net) !== 0 && Number(bits) <= (isIP(net) === 6 ? 128 : 32)) {
        list.addSubnet(net, Number(bits), toFamily(net));
        return list;
    }
    const [first = "", last = "", ...rest] = text.split("-");
    if (rest.length > 0 || isIP(first) === 0 || isIP(first) !== isIP(last))
        return undefined;
    try {
        list.addRange(first, last, toFamily(first));
        return list;
    }
    catch {
        return undefined; // From a higher address to a lower one: it names nothing.
    }
}
function toList(addresses) {
    const list = new BlockList();
    for (const address of addresses)
        list.addAddress(address, toFamily(address));
    return list;
}
function toFamily(address) {
    return isIP(address) === 6 ? "ipv6" : "ipv4";
}
/** Without the brackets of an IPv6 address, and without the dot that may end a name. */
function toBare(hostname) {
    return hostname
        .toLowerCase()
        .replace(/^\[|\]$/g, "")
        .replace(/\.$/, "");
}
/** What a proxy's own refusal means. `challenge` is its `Proxy-Authenticate`. */
export function toRefusal({ url, variable, authorization }, target, { status, challenge = "" }) {
    const proxy = `the proxy ${url.host}`;
    if (status === 407) {
        const kinds = [
            ...challenge.matchAll(/(?:^|,)\s*([A-Za-z][\w-]*)(?=\s+[^\s=,]|\s*(?:,|$))/g),
        ].map(([, kind = ""]) => kind);
        if (kinds.length > 0 && !kinds.some((kind) => kind.toLowerCase() === "basic"))
            return toProxyFault(`${proxy} wants a sign-in of the kind ${kinds.join(" or ")}, which is not known here (407)`, `name a proxy in ${variable} that takes a name and a password (Basic), or none`);
        return authorization === undefined
            ? toProxyFault(`${proxy} wants a name and a password (407)`, `write them into ${variable} as ${url.protocol}//NAME:PASSWORD@${url.host}, and start the hub anew with it: sluice down, then sluice up`)
            : toProxyFault(`${proxy} refuses the name and password of ${variable} (407)`, "correct them there, and start the hub anew with it: sluice down, then sluice up");
    }
    const host = target.hostname;
    if (status >= 500)
        return toProxyFault(`${proxy} did not get through to ${host} (${status})`, `it is tried again; if that lasts, ask who runs the proxy, or name ${host} in NO_PROXY where the way is open without it`);
    if (status >= 300 && status < 400)
        return toProxyFault(`${proxy} answered with a redirect, which is not followed (${status})`, "sign in where it leads, in a browser");
    return toProxyFault(`${proxy} does not let ${host} through (${status})`, `ask who runs the proxy to allow it, or name ${host} in NO_PROXY where the way is open without it`);
}
/** `what` the proxy did, or has not. */
export function toProxyFault(what, fix) {
    return new SluiceError("send_failed", `no connection: ${what}; ${fix}`, { retryable: true });
}
