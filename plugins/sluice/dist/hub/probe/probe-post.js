/**
 * A request of the probe, or a sample, to our own listener, as a sender makes it.
 *
 * Owns: carrying it. Never: signs or judges.
 */
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
const TIMEOUT_MS = 10_000;
export function postTo(url, headers, body, method = "POST") {
    const target = new URL(url);
    // Listening everywhere is no address to go to.
    if (target.hostname === "0.0.0.0")
        target.hostname = "127.0.0.1";
    if (target.hostname === "[::]")
        target.hostname = "[::1]";
    const options = {
        method,
        headers: { "content-type": "application/json", ...headers },
        timeout: TIMEOUT_MS,
        agent: false,
        // Our own listener on our own machine, whose certificate has another name; nothing of worth is sent.
        rejectUnauthorized: false,
    };
    const send = target.protocol === "https:" ? requestHttps : requestHttp;
    return new Promise((resolve) => {
        const outgoing = send(target, options, (answer) => {
            const chunks = [];
            answer.on("data", (chunk) => chunks.push(chunk));
            answer.on("error", (error) => resolve({ status: 0, fault: error.message }));
            answer.on("end", () => resolve({ status: answer.statusCode ?? 0, ...parse(Buffer.concat(chunks).toString()) }));
        });
        outgoing.on("timeout", () => outgoing.destroy(new Error("no answer within 10 s")));
        outgoing.on("error", (error) => resolve({ status: 0, fault: error.message }));
        outgoing.end(body);
    });
}
function parse(text) {
    try {
        const { id, error, duplicate } = JSON.parse(text);
        return {
            ...(typeof id === "string" ? { id } : {}),
            ...(typeof error === "string" ? { error } : {}),
            ...(typeof duplicate === "boolean" ? { duplicate } : {}),
        };
    }
    catch {
        // Not ours: the status says enough.
        return {};
    }
}
