/**
 * Carries one event to a hub: to its ingress, or over its socket on this machine.
 *
 * Owns: the request, and what its answer means. Never: tries again.
 *
 * EMITSEND-1 A request keeps no process alive, and ends after ten seconds.
 */
import { request as requestPlain } from "node:http";
import { request as requestTls } from "node:https";
import { locateSocket } from "../local/home.js";
const TIMEOUT_MS = 10_000;
/** Resolves always. `waitMs`: so long the process stays for it. */
export async function send(to, event, waitMs) {
    try {
        const { status, retryAfter } = await carry(to, event, waitMs);
        return toResult(status, retryAfter);
    }
    catch (thrown) {
        return { kind: "later", reason: thrown instanceof Error ? thrown.message : "it broke" };
    }
}
function toResult(status, retryAfter) {
    if (status >= 200 && status < 300)
        return { kind: "taken" };
    const reason = `the hub answered ${status}`;
    // A wrong token, a channel that is gone: its owner may put that right. What is malformed stays so.
    if (status === 400 || status === 413 || status === 415)
        return { kind: "never", reason };
    const seconds = Number(retryAfter);
    return seconds > 0
        ? { kind: "later", reason, afterMs: seconds * 1_000 }
        : { kind: "later", reason };
}
function carry(to, event, waitMs) {
    return new Promise((resolve, reject) => {
        const { body, ...options } = "url" in to ? toIngress(to.token, event) : toSocket(to, event);
        const isTls = "url" in to && to.url.startsWith("https:");
        const outgoing = isTls
            ? requestTls(to.url, options)
            : "url" in to
                ? requestPlain(to.url, options)
                : requestPlain(options);
        const timer = setTimeout(() => outgoing.destroy(new Error("no answer in time")), Math.min(waitMs ?? TIMEOUT_MS, TIMEOUT_MS));
        if (waitMs === undefined) {
            timer.unref();
            outgoing.on("socket", (socket) => socket.unref()); // EMITSEND-1
        }
        outgoing.once("close", () => clearTimeout(timer));
        outgoing.once("error", reject);
        outgoing.once("response", (answer) => {
            answer.resume();
            const retryAfter = answer.headers["retry-after"];
            answer.once("close", () => resolve({ status: answer.statusCode ?? 0, retryAfter }));
        });
        outgoing.end(body);
    });
}
function toIngress(token, event) {
    const { id, name, at, text, details, data, entity, stateOf, status, priority } = event;
    const body = JSON.stringify({
        text,
        event: name,
        ts: new Date(at).toISOString(),
        ...data,
        ...(details === "" ? {} : { details }),
    });
    return {
        method: "POST",
        agent: false,
        headers: {
            authorization: `Bearer ${token}`,
            "content-type": "application/json",
            "content-length": Buffer.byteLength(body),
            "idempotency-key": id,
            "x-sluice-priority": priority,
            ...(entity === undefined ? {} : { "x-sluice-entity": entity }),
            ...(stateOf === undefined ? {} : { "x-sluice-state-of": stateOf }),
            ...(status === undefined ? {} : { "x-sluice-status": status }),
        },
        body,
    };
}
function toSocket({ channel }, event) {
    const { id, name, text, details, data, entity, stateOf, status, priority } = event;
    const body = JSON.stringify({
        channel,
        text: details === "" ? text : `${text}\n${details}`,
        meta: { ...data, event: name, ...(status === undefined ? {} : { status }) },
        priority,
        deliveryId: id,
        ...(entity === undefined ? {} : { entity }),
        ...(stateOf === undefined ? {} : { stateOf }),
    });
    return {
        method: "POST",
        agent: false,
        socketPath: locateSocket(process.env),
        path: "/v1/emit",
        headers: {
            "content-type": "application/json",
            "content-length": Buffer.byteLength(body),
            host: "localhost",
        },
        body,
    };
}
