/**
 * One connection to an outside system, whole: name, address, proxy and its tunnel, TLS, certificate.
 *
 * Owns: every outgoing connection of hub and command line. Never: writes a byte of a request.
 *
 * CONNECT-1 A name may have several addresses. The next one is tried beside the first after a moment, and none that was begun is given up
 *    before another stands: a handshake that takes seconds succeeds, however dead the other addresses are (nodejs/node#54359).
 * CONNECT-2 The certificate is checked whatever the environment says, of a proxy that is spoken to over TLS as well.
 * CONNECT-3 A connection that failed or was stopped leaves no socket behind.
 */
import dns, {} from "node:dns";
import { request as requestPlain } from "node:http";
import net, { isIP } from "node:net";
import tls, {} from "node:tls";
import { isSluiceError, SluiceError } from "../errors.js";
import { textAt } from "../json.js";
import { findProxy, toProxyFault, toRefusal } from "./proxy.js";
/** https://www.rfc-editor.org/rfc/rfc8305#section-5 */
const NEXT_ADDRESS_MS = 250;
/**
 * @throws SluiceError `send_failed`, retryable, whose message begins with "no connection"; what `lookup` failed with; a fault with a
 * `code` otherwise.
 */
export async function connect(target, options) {
    const isTls = target.protocol === "https:";
    const proxy = findProxy(target);
    if (proxy === undefined) {
        const socket = await reach(target, options);
        return { socket: isTls ? await secure(socket, target, options) : socket };
    }
    const socket = await reachProxy(proxy, options);
    if (!isTls)
        return { socket, relay: proxy };
    await openTunnel(socket, proxy, target, options);
    options.waits("");
    return { socket: await secure(socket, target, options) };
}
/** The best of its addresses (CONNECT-1). */
async function reach(to, { lookup, signal }) {
    const host = toHost(to);
    const port = toPort(to);
    const addresses = isIP(host) === 0 ? toOrder(await find(host, lookup)) : [host];
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
        const begun = new Set();
        const faults = [];
        let timer;
        const end = (settle, kept) => {
            clearTimeout(timer);
            signal.removeEventListener("abort", stop);
            for (const socket of begun)
                if (socket !== kept)
                    socket.destroy();
            settle();
        };
        const stop = () => end(() => reject(signal.reason));
        const begin = () => {
            clearTimeout(timer);
            const address = addresses.shift();
            if (address === undefined)
                return;
            const socket = net.connect({ host: address, port });
            begun.add(socket);
            // It stays: a socket without one that breaks ends the process.
            socket.on("error", (fault) => {
                if (!begun.delete(socket))
                    return;
                faults.push(fault);
                if (addresses.length > 0)
                    begin();
                else if (begun.size === 0)
                    end(() => reject(toTelling(faults)));
            });
            socket.once("connect", () => {
                if (signal.aborted)
                    return;
                end(() => resolve(socket), socket);
                begun.clear();
            });
            timer = setTimeout(begin, NEXT_ADDRESS_MS);
        };
        signal.addEventListener("abort", stop);
        begin();
    });
}
function find(host, lookup = dns.lookup) {
    return new Promise((resolve, reject) => {
        lookup(host, { all: true, hints: dns.ADDRCONFIG }, (fault, found) => {
            if (fault !== null)
                return reject(fault);
            const addresses = Array.isArray(found)
                ? found
                : [{ address: found, family: isIP(found) }];
            if (addresses.length === 0)
                return reject(toCoded("ENOTFOUND"));
            resolve(addresses.map(({ address }) => address));
        });
    });
}
/** One of each family in turn, beginning with that of the first: https://www.rfc-editor.org/rfc/rfc8305#section-4 */
function toOrder(addresses) {
    const first = isIP(addresses[0] ?? "");
    const [ours, others] = [
        addresses.filter((address) => isIP(address) === first),
        addresses.filter((address) => isIP(address) !== first),
    ];
    const longest = Math.max(ours.length, others.length);
    return Array.from({ length: longest }, (_, n) => [ours[n], others[n]])
        .flat()
        .filter((address) => address !== undefined);
}
/** That this machine has no way to a family says less than what the other one met. */
function toTelling(faults) {
    const isNoWay = (fault) => ["ENETUNREACH", "EADDRNOTAVAIL", "EAFNOSUPPORT"].includes(textAt(fault, "code") ?? "");
    return faults.find((fault) => !isNoWay(fault)) ?? faults[0];
}
/** TLS, up to a certificate that was found good (CONNECT-2). */
function secure(socket, to, { ca, signal }) {
    const host = toHost(to);
    const secured = tls.connect({
        socket,
        host,
        ...(isIP(host) === 0 ? { servername: host } : {}),
        ALPNProtocols: ["http/1.1"],
        rejectUnauthorized: true,
        ca,
    });
    return settled(secured, signal, "secureConnect", (fault) => toUntrusted(fault, host));
}
async function reachProxy(proxy, options) {
    const { signal, waits } = options;
    const { url } = proxy;
    waits(`the proxy ${url.host}`);
    try {
        const direct = { signal, waits };
        const socket = await reach(url, direct);
        return url.protocol === "https:" ? await secure(socket, url, direct) : socket;
    }
    catch (thrown) {
        if (signal.aborted || isSluiceError(thrown))
            throw thrown;
        throw toUnreached(proxy, thrown);
    }
}
function toUnreached({ url, variable }, thrown) {
    return toProxyFault(`the proxy ${url.host} cannot be reached (${toCode(thrown)})`, `check the proxy, and what ${variable} says`);
}
/** Afterwards the socket leads to the target. */
function openTunnel(socket, proxy, target, { signal }) {
    const { url, authorization } = proxy;
    const place = `${target.hostname}:${toPort(target)}`;
    return new Promise((resolve, reject) => {
        const asked = requestPlain({
            createConnection: () => socket,
            method: "CONNECT",
            path: place,
            headers: {
                host: place,
                connection: "keep-alive",
                "proxy-connection": "keep-alive",
                ...(authorization === undefined ? {} : { "proxy-authorization": authorization }),
            },
            signal,
        });
        const fail = (fault) => {
            socket.destroy();
            reject(fault);
        };
        asked.on("error", (fault) => fail(signal.aborted
            ? signal.reason
            : toProxyFault(`the proxy ${url.host} broke off (${toCode(fault)})`, "it is tried again; if that lasts, ask who runs the proxy")));
        // Whatever its status is.
        asked.once("connect", ({ statusCode: status = 0, headers }, _socket, early) => {
            if (status < 200 || status >= 300)
                return fail(toRefusal(proxy, target, { status, challenge: headers["proxy-authenticate"] }));
            if (early.length > 0)
                socket.unshift(early);
            resolve();
        });
        asked.end();
    });
}
/** Resolves with the socket at its event; else it is destroyed (CONNECT-3). */
function settled(socket, signal, event, toFault) {
    return new Promise((resolve, reject) => {
        const fail = (fault) => {
            signal.removeEventListener("abort", stop);
            socket.destroy();
            reject(fault);
        };
        const stop = () => fail(signal.reason);
        if (signal.aborted)
            return stop();
        signal.addEventListener("abort", stop);
        socket.on("error", (fault) => fail(toFault(fault)));
        socket.once("close", () => fail(toCoded("ECONNRESET")));
        socket.once(event, () => {
            signal.removeEventListener("abort", stop);
            resolve(socket);
        });
    });
}
/** Codes of a certificate that nobody vouches for, as where a proxy opens TLS and closes it with one of its own. */
const UNTRUSTED = new Set([
    "SELF_SIGNED_CERT_IN_CHAIN",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "UNABLE_TO_GET_ISSUER_CERT",
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);
function toUntrusted(fault, host) {
    const code = textAt(fault, "code") ?? "";
    if (!UNTRUSTED.has(code))
        return fault;
    return new SluiceError("send_failed", `no connection: nobody known here vouches for the certificate of ${host} (${code}); where a proxy looks into TLS, name the file of its authority in NODE_EXTRA_CA_CERTS, and start the hub anew with it: sluice down, then sluice up`, { retryable: true });
}
function toHost(url) {
    return url.hostname.replace(/^\[|\]$/g, "");
}
function toPort({ port, protocol }) {
    return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}
/** The layers below name URLs and addresses in their messages: only their code goes on. */
export function toCode(thrown) {
    const code = textAt(thrown, "code") ?? "";
    return /^[A-Z_0-9]{2,60}$/.test(code) ? code : "it broke";
}
function toCoded(code) {
    return Object.assign(new Error(code), { code });
}
