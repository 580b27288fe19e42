/**
 * The one engine that proves who sent a request, driven by rows of data (sdk/scheme.ts).
 *
 * Owns: the order (arity, shape, signature, window) and the reasons; which prover compares.
 * Never: parses or decodes the body before its signature has held (SNS-1 is the one exception). Never falls back to a weaker version or
 * header.
 *
 * VERIFY-1 A verifier fails closed: without a usable secret there is none.
 * VERIFY-2 Every security header must appear exactly once. `req.headersDistinct` shows that; in `req.headers` node joins a repeated
 *    header into one value or keeps the first.
 * VERIFY-3 All keys are tried, in constant time.
 * VERIFY-4 The time window reaches to both sides, and is judged only after the signature: a stale but genuine request shows a wrong
 *    clock.
 * VERIFY-5 A secret that is being replaced proves nothing once its time is over, by the clock of the request: a machine that slept runs no timers.
 */
import { createHmac } from "node:crypto";
import { decode, openProver } from "./algorithms.js";
import { checkScheme } from "./check-scheme.js";
import { findScheme } from "./find-scheme.js";
import { parseKeys } from "./key.js";
import { readItems, readUrl } from "./places.js";
import { parsePublicUrl, toPublicUrl } from "./public-url.js";
import { toReach } from "./schemes.js";
import { readBodyTime, readTimestamp } from "./times.js";
import { malformed, openTokenVerifier, readOne, toTokenRow } from "./token.js";
/** @throws SluiceError `bad_config` or `bad_secret`: a verifier that cannot verify is never made (VERIFY-1). */
export function openVerifier(options) {
    const { credentials, scheme } = options;
    const verifier = openRow(scheme, findScheme(options), credentials, options);
    return credentials.some(({ until }) => until !== undefined)
        ? withEnds(verifier, credentials)
        : verifier;
}
/** VERIFY-5 */
function withEnds(verifier, credentials) {
    const ends = new Map(credentials.map(({ keyId, until }) => [keyId, until]));
    return {
        ...verifier,
        begin(headers, now, target) {
            const begun = verifier.begin(headers, now, target);
            if (begun.kind === "refused")
                return begun;
            const { check } = begun;
            const finish = () => {
                const result = check.finish();
                const until = result.kind === "verified" ? ends.get(result.keyId) : undefined;
                return until === undefined || now < until
                    ? result
                    : { kind: "refused", reason: "bad_signature" };
            };
            return { kind: "begun", check: { ...check, finish } };
        },
    };
}
/** A verifier for a row. `openVerifier` is the everyday door. */
export function openRow(name, row, credentials, options = {}) {
    const keys = parseKeys(row, credentials);
    const token = toTokenRow(row);
    if (token !== undefined) {
        checkScheme(row);
        return openTokenVerifier(name, token, keys);
    }
    const compiled = listVariants(row).map((variant) => compile(name, variant, keys, options));
    const [first] = compiled;
    if (first === undefined)
        throw new TypeError("a row has at least itself");
    const verifier = {
        begin: compiled.length === 1
            ? (headers, now, target) => begin(first, headers, now, target)
            : (headers, now, target) => begin(choose(compiled, headers) ?? first, headers, now, target),
    };
    if (!row.algorithm.startsWith("hmac-"))
        return verifier;
    return {
        ...verifier,
        mac(keyId, text) {
            const key = keys.find((one) => one.keyId === keyId);
            if (key === undefined)
                throw new TypeError(`no key "${keyId}"`);
            return createHmac("sha256", key.bytes).update(text, "utf8").digest();
        },
    };
}
function compile(name, row, keys, { url: text, certificates }) {
    const template = checkScheme(row);
    const needsUrl = template?.has.has("url") === true || row.signed === "{url}{sorted-form}";
    const url = needsUrl ? parsePublicUrl(row.title, text) : undefined;
    const prover = openProver(row, keys, { url, certificates });
    const isIdSigned = template?.has.has("id") === true;
    return { name, row, prover, template, url, reach: toReach(row), isIdSigned };
}
/** The row, and the row under each set of other names. */
function listVariants(row) {
    return [row, ...(row.aliases ?? []).map((names) => rename(row, names))];
}
function rename(row, names) {
    const to = (place) => ({
        ...place,
        header: names[place.header] ?? place.header,
    });
    const { proof, timestamp, deliveryId } = row;
    // The same row: only names of headers differ.
    return {
        ...row,
        proof: "header" in proof ? to(proof) : proof,
        timestamp: timestamp !== "none" && "place" in timestamp
            ? { ...timestamp, place: to(timestamp.place) }
            : timestamp,
        deliveryId: deliveryId === "none" ? deliveryId : to(deliveryId),
    };
}
/** The first whose proof is there: from then on only its own names count. */
function choose(compiled, headers) {
    return compiled.find(({ row: { proof } }) => "header" in proof && Object.hasOwn(headers, proof.header));
}
function begin(compiled, headers, now, target) {
    const { row, prover, template } = compiled;
    const { proof: place, timestamp } = row;
    const presented = "header" in place ? readItems(headers, place) : readUrl(target, place);
    if (presented.kind === "refused")
        return presented;
    const candidates = presented.items
        .map((item) => decode(row, item))
        .filter((bytes) => bytes !== undefined);
    if (candidates.length === 0)
        return malformed("header" in place ? place.header : toUrlName(place));
    const stamp = timestamp !== "none" && "place" in timestamp ? readTimestamp(headers, timestamp) : undefined;
    if (stamp?.kind === "refused")
        return stamp;
    const id = readDeliveryId(compiled, headers);
    if (id?.kind === "refused")
        return id;
    let head = "";
    let tail = "";
    if (template !== undefined && template.hasFields) {
        const named = readNamed(template.headers, headers);
        if ("kind" in named)
            return named;
        const fields = {
            id: id?.value ?? "",
            timestamp: stamp?.text ?? "",
            url: compiled.url === undefined ? "" : toPublicUrl(compiled.url, target),
            method: target?.method ?? "POST",
            headers: named.values,
        };
        head = template.toHead(fields);
        tail = template.toTail(fields);
    }
    const proof = prover({ head, tail, candidates, target, now });
    const told = { now, sentAt: stamp?.sentAt, id: id?.value, presented };
    return { kind: "begun", check: toCheck(compiled, proof, told) };
}
function toCheck(compiled, proof, told) {
    const { timestamp } = compiled.row;
    if (timestamp !== "none" && "body" in timestamp)
        return toTimedCheck(compiled, proof, told);
    const { update, settle } = proof;
    const finish = () => conclude(compiled, proof.match(), told, told.sentAt);
    return settle === undefined ? { update, finish } : { update, settle, finish };
}
/** Whose time stands in the body, which is kept for that. */
function toTimedCheck(compiled, proof, told) {
    const { timestamp } = compiled.row;
    const chunks = [];
    return {
        ...proof,
        update(chunk) {
            chunks.push(chunk);
            proof.update(chunk);
        },
        finish() {
            const keyId = proof.match();
            const isRead = keyId !== undefined && timestamp !== "none" && "body" in timestamp;
            const sentAt = isRead ? readBodyTime(Buffer.concat(chunks), timestamp) : undefined;
            if (isRead && sentAt === "absent" && timestamp.isOptional === true)
                return toVerified(compiled, keyId, told);
            return conclude(compiled, keyId, told, sentAt === "absent" ? undefined : sentAt);
        },
    };
}
function conclude(compiled, keyId, told, sentAt) {
    const { algorithm, timestamp } = compiled.row;
    if (keyId === undefined)
        return { kind: "refused", reason: algorithm === "equality" ? "bad_token" : "bad_signature" };
    if (timestamp !== "none") {
        if (sentAt === undefined)
            return { kind: "refused", reason: "no_time" };
        const skewMs = told.now - sentAt;
        // Written so that a clock that is no number refuses too.
        if (!(Math.abs(skewMs) <= timestamp.windowMs))
            return { kind: "refused", reason: skewMs < 0 ? "future" : "stale", skewMs };
    }
    return toVerified(compiled, keyId, told);
}
function toVerified({ name, reach, isIdSigned }, keyId, { id, presented: { rest } }) {
    return {
        kind: "verified",
        scheme: name,
        keyId,
        ...(id !== undefined && { deliveryId: id }),
        idSigned: isIdSigned,
        reach,
        ...(rest !== undefined && { rest }),
    };
}
function toUrlName(place) {
    return "query" in place ? `?${place.query}` : "/in/<channel>/<secret>";
}
function readDeliveryId({ row: { deliveryId }, template, isIdSigned }, headers) {
    if (deliveryId === "none")
        return undefined;
    const { header } = deliveryId;
    const one = readOne(headers, header);
    if (one.kind === "refused") {
        // An unsigned id can be left out or made up by whoever replays a request, so demanding it would prove nothing.
        return one.reason === "missing_header" && !isIdSigned ? undefined : one;
    }
    if (!/^[\x21-\x7e]{1,256}$/.test(one.value))
        return malformed(header);
    // The separator inside a signed id would let one signature fit two readings of id, time and body.
    const isSplit = isIdSigned && template !== undefined && one.value.includes(template.idEnd);
    return isSplit ? malformed(header) : one;
}
/** Headers that the signed text names: each once. */
function readNamed(names, headers) {
    if (names.length === 0)
        return NONE;
    const values = {};
    for (const name of names) {
        const one = readOne(headers, name);
        if (one.kind === "refused")
            return one;
        values[name] = one.value;
    }
    return { values };
}
const NONE = Object.freeze({ values: Object.freeze({}) });
