/**
 * Messages of AWS SNS: RSA over fields of the body, by a certificate that the body names.
 *
 * Owns: which fields are signed, and that a certificate comes from AWS. Never: confirms a subscription (ingress does, after the proof).
 * Words: https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
 *
 * SNS-1 The body is read before it is proved, since its signature stands in it: as JSON of bounded depth, of which only texts are looked at.
 * SNS-2 Nothing is parsed or fetched for a message that does not name the configured topic: who does not know it makes us do nothing.
 */
import { verify } from "node:crypto";
import { parseJson, toObject } from "../sdk/json.js";
import { parseBase64 } from "./encoding.js";
const CONFIRMATION = [
    "Message",
    "MessageId",
    "SubscribeURL",
    "Timestamp",
    "Token",
    "TopicArn",
    "Type",
];
const NOTIFICATION = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"];
const SIGNED_FIELDS = {
    Notification: NOTIFICATION,
    SubscriptionConfirmation: CONFIRMATION,
    UnsubscribeConfirmation: CONFIRMATION,
};
const HASHES = new Map([
    ["1", "sha1"],
    ["2", "sha256"],
]);
/** A message has 256 KiB at most, which JSON may double. */
const MAX_BYTES = 1024 * 1024;
export function openSnsProver({ certificateHost }, keys, certificates) {
    const topics = new Map(keys.map(({ keyId, bytes }) => [bytes.toString("utf8"), keyId]));
    return ({ now, candidates }) => {
        const chunks = [];
        let bytes = 0;
        let message;
        let publicKey;
        return {
            update(chunk) {
                bytes += chunk.length;
                if (bytes <= MAX_BYTES)
                    chunks.push(chunk);
            },
            async settle() {
                const type = candidates[0]?.toString("latin1") ?? "";
                const body = bytes > MAX_BYTES ? undefined : Buffer.concat(chunks);
                // By its bytes first: who does not know a topic makes us parse nothing either.
                const isOurs = [...topics.keys()].some((topic) => body?.includes(topic));
                message = isOurs && body !== undefined ? readMessage(body, type, topics) : undefined;
                if (message === undefined)
                    return;
                publicKey = await certificates.find(message.certificateUrl, certificateHost, now);
            },
            match() {
                if (message === undefined || publicKey === undefined)
                    return undefined;
                const { text, hash, signature, keyId } = message;
                return verify(hash, Buffer.from(text, "utf8"), publicKey, signature) ? keyId : undefined;
            },
        };
    };
}
/** Of a configured topic and of the type that its header names; else undefined. */
function readMessage(body, type, topics) {
    const parsed = parseJson(body);
    const fields = toObject(parsed.kind === "ok" ? parsed.value : undefined);
    const read = (name) => {
        const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
        return typeof value === "string" ? value : undefined;
    };
    const keyId = topics.get(read("TopicArn") ?? "");
    const signed = Object.hasOwn(SIGNED_FIELDS, type) ? SIGNED_FIELDS[type] : undefined;
    const hash = HASHES.get(read("SignatureVersion") ?? "");
    const signature = parseBase64(read("Signature") ?? "");
    const certificateUrl = read("SigningCertURL");
    if (keyId === undefined || signed === undefined || hash === undefined)
        return undefined;
    if (signature === undefined ||
        signature.length === 0 ||
        certificateUrl === undefined ||
        read("Type") !== type)
        return undefined;
    const isWhole = signed.every((name) => name === "Subject" || read(name) !== undefined);
    if (!isWhole)
        return undefined;
    const text = signed
        .filter((name) => read(name) !== undefined)
        .map((name) => `${name}\n${read(name)}\n`)
        .join("");
    return { text, hash, signature, certificateUrl, keyId };
}
