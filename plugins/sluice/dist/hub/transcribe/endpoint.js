/**
 * Has an endpoint of the owner's choice listen to a file.
 *
 * Owns: the request in OpenAI's shape, and what its answers mean. Never: follows a redirect, or says anything of the file in a fault.
 * https://platform.openai.com/docs/api-reference/audio/createTranscription
 */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { SluiceError } from "../../sdk/errors.js";
import { parseJson, textAt } from "../../sdk/json.js";
import { request } from "../../sdk/net/request.js";
/** Far more than anybody says into 20 MiB. */
const MAX_ANSWER_BYTES = 1024 ** 2;
/** What a server needs that serves several; one that serves a single model takes any. */
const USUAL_MODEL = "whisper-1";
/** What may stand in the address and belongs into the form. */
const FIELDS = ["model", "language", "prompt", "temperature"];
/** @throws SluiceError `send_failed`, `too_large`, `unauthorized`; retryable where another try may do better. */
export async function askEndpoint(path, call) {
    const url = new URL(call.url);
    const form = new FormData();
    form.set("model", USUAL_MODEL);
    form.set("response_format", "json");
    for (const name of FIELDS) {
        const value = url.searchParams.get(name);
        if (value !== null)
            form.set(name, value);
    }
    form.set("file", new Blob([new Uint8Array(await readFile(path))]), basename(path));
    const whole = new Response(form);
    const answer = await request(url, {
        method: "POST",
        headers: {
            accept: "application/json",
            "content-type": whole.headers.get("content-type") ?? "",
            ...(call.key === undefined ? {} : { authorization: `Bearer ${call.key.reveal()}` }),
        },
        body: new Uint8Array(await whole.arrayBuffer()),
        timeoutMs: call.timeoutMs,
        maxBytes: MAX_ANSWER_BYTES,
        signal: call.signal,
        ...(call.ca === undefined ? {} : { ca: call.ca }),
    });
    return readAnswer(url.hostname, answer);
}
function readAnswer(host, { status, body }) {
    if (status === 401 || status === 403)
        throw new SluiceError("unauthorized", `${host} refuses the key (${status}); give another with --secret-env`);
    if (status < 200 || status > 299) {
        const retryable = status >= 500 || status === 408 || status === 429;
        throw new SluiceError("send_failed", `${host} answered ${status}`, { retryable });
    }
    const parsed = parseJson(body);
    if (parsed.kind !== "ok")
        throw new SluiceError("send_failed", `${host} answered no JSON`);
    const text = textAt(parsed.value, "text");
    // An empty one is an answer as well: nobody spoke.
    if (text === undefined && !isEmptyText(parsed.value))
        throw new SluiceError("send_failed", `${host} answered JSON without "text"`);
    return text ?? "";
}
function isEmptyText(value) {
    return typeof value === "object" && value !== null && "text" in value && value.text === "";
}
