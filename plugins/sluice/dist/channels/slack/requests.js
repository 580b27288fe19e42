import { parseJson, textAt } from "../../sdk/json.js";
/** @returns undefined for what is none of Slack's requests. */
export function readRequest({ body, headers }) {
    const retry = Number(headers["x-slack-retry-num"] ?? 0) || 0;
    const type = (headers["content-type"] ?? "").toLowerCase();
    if (!type.startsWith("application/x-www-form-urlencoded")) {
        const parsed = parseJson(body);
        if (parsed.kind !== "ok")
            return undefined;
        if (textAt(parsed.value, "type") === "url_verification") {
            const challenge = textAt(parsed.value, "challenge") ?? "";
            return /^[A-Za-z0-9_-]{1,128}$/.test(challenge)
                ? { kind: "challenge", challenge }
                : undefined;
        }
        return { kind: "envelope", envelope: { type: "events_api", payload: parsed.value, retry } };
    }
    const form = new URLSearchParams(body.toString("utf8"));
    const payload = form.get("payload");
    if (payload !== null) {
        const parsed = parseJson(payload);
        return parsed.kind === "ok"
            ? { kind: "envelope", envelope: { type: "interactive", payload: parsed.value, retry } }
            : undefined;
    }
    // Slack tries a certificate so.
    if (form.get("ssl_check") === "1")
        return { kind: "nothing" };
    if (form.get("command") === null)
        return undefined;
    return {
        kind: "envelope",
        envelope: { type: "slash_commands", payload: Object.fromEntries(form), retry },
    };
}
export async function answerRequest(request, take) {
    const read = readRequest(request);
    if (read === undefined)
        return { kind: "refuse", status: 400, reason: "it is no request of Slack's" };
    if (read.kind === "challenge")
        return toChallenge(read.challenge);
    const code = read.kind === "nothing" ? "ssl_check" : read.envelope.type;
    const answer = read.kind === "nothing" ? undefined : await take(read.envelope);
    // SLACKREQUEST-1
    return answer === undefined
        ? { kind: "answer", status: 200, type: "text/plain", body: "", code }
        : { kind: "answer", status: 200, body: JSON.stringify(answer), code };
}
export function toChallenge(challenge) {
    return {
        kind: "answer",
        status: 200,
        type: "text/plain",
        body: challenge,
        code: "url_verification",
    };
}
