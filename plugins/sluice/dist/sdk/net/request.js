/**
 * A request to an outside system. Whatever breaks, the fault says whether the request may have arrived.
 *
 * Owns: the deadlines, and that knowledge: no channel guesses it from the name of an error. Never: reads an answer's meaning, tries again,
 * or chooses the way (connect.ts).
 *
 * REQ-1 The whole connection is made before a byte of the request is written: name, address, proxy and its tunnel, TLS, certificate. A
 *    fault before that has told the other side nothing: it is retryable and no more.
 * REQ-2 After a fault behind that point and before the whole answer, the request may have arrived: such a fault has a `MaybeSent` as
 *    its cause. A 2xx whose body broke off is one, too: the body is the answer, and names the message.
 * REQ-3 No connection is used twice: one that the other side has closed meanwhile would look like a request lost on its way.
 * REQ-4 A redirect is not followed: it would carry the credential to another host. A redirect, 407 and 511 are not the platform's
 *    answers: a proxy or the portal of a hotel sent them, and the platform was not asked. Who asks whether something has changed is
 *    answered 304, and who reads a page anywhere may be given the redirect to judge it (`takesRedirect`).
 * REQ-5 A URL may hold a token: a fault holds codes and our own words, nothing of the layers below.
 */
import { request as requestPlain, } from "node:http";
import { request as requestTls } from "node:https";
import { Readable } from "node:stream";
import { connect, toCode } from "./connect.js";
import { isSluiceError, SluiceError } from "../errors.js";
import { MaybeSent } from "../message.js";
import { toRefusal } from "./proxy.js";
const CONNECT_MS = 15_000;
const ANSWER_MS = 30_000;
const MAX_BYTES = 16 * 1024 ** 2;
/**
 * Resolves with the whole answer, whatever its status, but for those of REQ-4.
 * @throws SluiceError `send_failed`, retryable, with a `MaybeSent` as its cause where the request may have arrived (REQ-1, REQ-2);
 * `too_large` for an answer of more than `maxBytes`; what `lookup` failed with.
 */
export function request(url, options = {}) {
    const { maxBytes = MAX_BYTES } = options;
    return carry(url, options, async (answer) => ({
        status: answer.statusCode ?? 0,
        headers: answer.headers,
        body: await readBody(answer, maxBytes, `an answer of more than ${maxBytes} bytes`),
    }));
}
/** Resolves once the head of the answer is there: for a stream, which `signal` ends. @throws as `request`. */
export function openRequest(url, options = {}) {
    return carry(url, options, async (answer) => answer);
}
function carry(url, options, take) {
    const { connectMs = CONNECT_MS, timeoutMs = ANSWER_MS, signal, body } = options;
    return new Promise((resolve, reject) => {
        const over = new AbortController();
        let outgoing;
        let stage = "no connection";
        let waitsFor = "";
        let timer;
        const end = (settle) => {
            if (over.signal.aborted)
                return;
            clearTimeout(timer);
            signal?.removeEventListener("abort", stop);
            settle();
            over.abort();
        };
        const fail = (thrown, isUnsent = stage === "no connection") => end(() => {
            const words = typeof thrown === "string" ? thrown : toWords(stage, thrown);
            reject(toFault(words, { thrown, isUnsent }));
            outgoing?.destroy();
            if (body instanceof Readable)
                body.destroy();
        });
        const stop = () => fail(`${stage} (stopped)`);
        const limit = (what, ms) => {
            clearTimeout(timer);
            timer = setTimeout(() => {
                const whom = what === "no connection" && waitsFor !== "" ? ` (waiting for ${waitsFor})` : "";
                fail(`${what} in ${Math.ceil(ms / 1_000)} s${whom}`);
            }, ms);
        };
        const send = (target, connected) => {
            const { socket, relay } = connected;
            // It may have ended in this very moment.
            if (over.signal.aborted || !socket.writable) {
                socket.destroy();
                return fail("no connection (it ended at once)");
            }
            stage = "no answer";
            limit("no answer", timeoutMs);
            outgoing = begin(target, connected, options);
            outgoing.on("error", (thrown) => {
                // Of an upload that was answered before its end, the answer counts.
                if (stage !== "the answer broke off")
                    fail(thrown);
            });
            outgoing.once("response", (answer) => {
                stage = "the answer broke off";
                const other = relay === undefined
                    ? toOther(answer, options)
                    : toRelayed(relay, target, answer, options);
                if (other !== undefined)
                    return fail(other.fault, other.isUnsent);
                take(answer).then((taken) => end(() => resolve(taken)), (thrown) => fail(thrown));
            });
            if (body instanceof Readable)
                body.pipe(outgoing);
            else
                outgoing.end(body);
        };
        if (signal?.aborted === true)
            return stop();
        signal?.addEventListener("abort", stop);
        if (body instanceof Readable)
            body.on("error", (thrown) => fail(thrown));
        limit("no connection", connectMs);
        void (async () => {
            try {
                const target = new URL(url);
                const waits = (whom) => void (waitsFor = whom);
                const { lookup, ca } = options;
                send(target, await connect(target, { lookup, ca, signal: over.signal, waits }));
            }
            catch (thrown) {
                fail(thrown);
            }
        })();
    });
}
/** A request on a connection that stands. */
function begin(target, { socket, relay }, { method = "GET", headers, body, signal }) {
    const isTls = target.protocol === "https:";
    const outgoing = (isTls ? requestTls : requestPlain)(target, {
        method,
        headers: {
            "accept-encoding": "identity",
            ...headers,
            ...(relay?.authorization !== undefined && { "proxy-authorization": relay.authorization }),
        },
        createConnection: () => socket,
        // https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2
        ...(relay !== undefined && { path: `${target.origin}${target.pathname}${target.search}` }),
        signal,
    });
    outgoing.once("close", () => {
        if (body instanceof Readable)
            body.destroy();
    });
    return outgoing;
}
/** REQ-4: who answered in the platform's place; undefined for an answer of its own. */
function toOther({ statusCode = 0, headers: { location = "" } }, { headers, takesRedirect = false }) {
    // https://www.rfc-editor.org/rfc/rfc9110#section-15.5.8 https://www.rfc-editor.org/rfc/rfc6585#section-6
    if (statusCode === 407 || statusCode === 511)
        return { fault: `${statusCode} of a proxy or a portal, and not of the server`, isUnsent: true };
    if (statusCode < 300 || statusCode >= 400 || takesRedirect)
        return undefined;
    if (statusCode === 304 && isConditional(headers))
        return undefined;
    const to = URL.canParse(location) ? ` to ${new URL(location).hostname}` : "";
    return { fault: `a redirect${to}, which is not followed (${statusCode})`, isUnsent: true };
}
function isConditional(headers = {}) {
    const names = Object.keys(headers).map((name) => name.toLowerCase());
    return names.includes("if-none-match") || names.includes("if-modified-since");
}
/** Without a tunnel, where the proxy passes requests on, some answers are its own: it has not passed this one on, or heard nothing. */
function toRelayed(relay, target, answer, options) {
    const { statusCode: status = 0, headers } = answer;
    if (status === 407 || status === 503) {
        const challenge = headers["proxy-authenticate"];
        return { fault: toRefusal(relay, target, { status, challenge }), isUnsent: true };
    }
    if (status !== 502 && status !== 504)
        return toOther(answer, options);
    return {
        fault: `no answer (${status} came through the proxy ${relay.url.host})`,
        isUnsent: false,
    };
}
/** All of a body. @throws SluiceError `too_large` with that message, as soon as it is. */
export async function readBody(body, maxBytes, tooLarge) {
    const chunks = [];
    let size = 0;
    for await (const chunk of body) {
        size += chunk.length;
        if (size > maxBytes)
            throw new SluiceError("too_large", tooLarge);
        chunks.push(chunk);
    }
    return Buffer.concat(chunks);
}
function toFault(message, { thrown, isUnsent }) {
    // Of `lookup`, or of `readBody`.
    const own = isSluiceError(thrown) ? thrown : undefined;
    if (own !== undefined && isUnsent)
        return own;
    return new SluiceError(own?.code ?? "send_failed", message, {
        retryable: own?.retryable ?? true,
        ...(isUnsent ? {} : { cause: new MaybeSent(message) }),
    });
}
/** REQ-5 */
function toWords(stage, thrown) {
    return isSluiceError(thrown) ? thrown.message : `${stage} (${toCode(thrown)})`;
}
