import { toNameField, toRefField } from "../sdk/field.js";
import { parseJson, toObject } from "../sdk/json.js";
import { toTold } from "./arrival.js";
import { readBodyValue } from "./body.js";
import { describeRow } from "./describe.js";
import { toIdentity } from "./delivery.js";
import { toId, toName } from "./fields.js";
import { answerHandshake } from "./handshake.js";
import { findAll, valueAt } from "./paths.js";
import { proposeTemplate } from "./propose.js";
import { hasCredential, withoutKeys, writePayload } from "./redact.js";
import { rankWithoutMail } from "./rest.js";
import { toNameSeverity, toSeverity } from "./severity.js";
import { readExact } from "./template.js";
export function receiveBy(row, request) {
    const body = readBodyValue(request.body, request.headers["content-type"], row.isJson);
    if (body.kind === "refuse")
        return body;
    const whole = unwrap(row, toPayload(body.value, request));
    const list = row.each === undefined ? undefined : valueAt(whole, row.each);
    return Array.isArray(list) && list.length > 1
        ? receiveEach(row, request, list)
        : receiveOne(row, request, whole);
}
/** Of a list, so many are events of their own; what is behind them is told as one. */
const MAX_EACH = 500;
/** SENDER-5 */
function receiveEach(row, request, list) {
    // An id of the whole delivery is none of its events'.
    const { signedId: _, ...rest } = request;
    const parts = list.slice(0, MAX_EACH).map((one) => [one]);
    if (list.length > MAX_EACH)
        parts.push(list.slice(MAX_EACH));
    const headers = { ...request.headers, "content-type": "application/json" };
    const [first, ...more] = parts.flatMap((part) => {
        const body = Buffer.from(JSON.stringify(part));
        const received = receiveOne(row, { ...rest, headers, body }, { list: part });
        if (received.kind !== "arrival")
            return [];
        const { arrival } = received;
        const behind = part.length - 1;
        const text = `${arrival.text}\nand ${behind} more events in one delivery, not told one by one`;
        return behind === 0 ? arrival : { ...arrival, text };
    });
    if (first === undefined)
        return receiveOne(row, request, { list });
    return { kind: "arrival", arrival: first, ...(more.length > 0 && { more }) };
}
function receiveOne(row, request, whole) {
    const around = toAround(request);
    if (row.handshakes !== undefined) {
        const handshake = answerHandshake(row, { ...whole, ...around }, request);
        if (handshake !== undefined)
            return handshake;
    }
    const payload = withoutKeys(whole, row.secrets);
    const root = { ...payload, ...around };
    root["$part"] = row.parts === undefined ? NOTHING : readParts(row.parts, root);
    const event = toEventName(row, root);
    const named = findRow(row, event);
    const scope = toScope(row, root, event, named);
    if (named !== undefined) {
        const told = withRest(describeRow(named, root, scope), event, () => payload);
        const description = withLongLink(told, named, root);
        return { kind: "arrival", arrival: toArrival(row, request, root, description, scope) };
    }
    const arrival = toArrival(row, request, root, toRanked(row, event, payload), scope);
    return { kind: "arrival", arrival: { ...arrival, payload: writePayload(payload) } };
}
const NOTHING = Object.freeze({});
/** What of a request is no body, for paths: a key of the body never hides it. */
function toAround({ headers, path, query = "", method }) {
    const $query = query === "" ? NOTHING : Object.fromEntries(new URLSearchParams(query));
    return { $header: headers, $path: path, $query, $method: method };
}
/** One object, whatever came: a list stands under `list`, the fields of a GET's query are its body. */
function toPayload(value, { method, query = "" }) {
    const asked = query === "" || method === "POST" ? undefined : Object.fromEntries(new URLSearchParams(query));
    if (Array.isArray(value))
        return { ...asked, list: value };
    if (typeof value !== "object" || value === null)
        return { ...asked, value };
    return asked === undefined ? toObject(value) : { ...asked, ...toObject(value) };
}
/** Texts that hold JSON, read. What is none stays a text. */
function unwrap({ unwrap: paths = {} }, payload) {
    let unwrapped = payload;
    for (const [path, key] of Object.entries(paths)) {
        const text = valueAt(unwrapped, path);
        if (typeof text !== "string" || !/^\s*[{[]/.test(text))
            continue;
        const parsed = parseJson(text);
        if (parsed.kind === "bad")
            continue;
        // Under its own name it takes the text's place; a form's one field is the whole.
        unwrapped =
            key === ""
                ? { ...unwrapped, ...toObject(parsed.value) }
                : { ...unwrapped, [key]: parsed.value };
    }
    return unwrapped;
}
/** Of a text that is taken apart. */
const MAX_PARTED_CHARS = 8_000;
/** The named groups of all patterns that fit. */
function readParts(parts, root) {
    const found = Object.entries(parts).flatMap(([path, patterns]) => {
        const text = readExact(root, path)?.slice(0, MAX_PARTED_CHARS) ?? "";
        return patterns.flatMap((pattern) => Object.entries(pattern.exec(text)?.groups ?? {}));
    });
    return Object.fromEntries(found.filter(([, value]) => value !== undefined && value !== ""));
}
const MAX_EVENT_CHARS = 100;
/** The sender's own name of it. `event` where it has none. */
function toEventName({ event }, root) {
    const words = event.flatMap((paths) => readWords(paths, root) ?? []);
    const name = words
        .join(".")
        .trim()
        .replaceAll(/[^\w.:/-]+/g, "_");
    return name.slice(0, MAX_EVENT_CHARS).replaceAll(/^[.:/]+|[.:/]+$/g, "") || "event";
}
/** The first of several that is there. */
function readWords(asks, root) {
    for (const ask of asks.split("|")) {
        const word = toEventWord(ask, root);
        if (word !== undefined)
            return word;
    }
    return undefined;
}
/** `=alert` is that word, `=call?CallSid` that word where something stands at the path, any other is a path. */
function toEventWord(ask, root) {
    if (!ask.startsWith("="))
        return readExact(root, ask);
    const [word, path] = ask.slice(1).split("?", 2);
    return path === undefined || readExact(root, path) !== undefined ? word : undefined;
}
/** What rows of a sender were found by an event's name, which is a stranger's word. */
const found = new WeakMap();
const MAX_FOUND = 500;
function findRow(row, event) {
    const known = found.get(row) ?? new Map();
    found.set(row, known);
    const before = known.get(event);
    if (before !== undefined)
        return before;
    const named = findMerged(row, event);
    if (known.size >= MAX_FOUND)
        known.clear();
    known.set(event, named);
    return named;
}
function findMerged({ events, common }, event) {
    for (let name = event; name !== ""; name = name.replace(/(?:^|[.:/])[^.:/]*$/, "")) {
        const row = Object.hasOwn(events, name) ? events[name] : undefined;
        if (row !== undefined)
            return { name, row: { ...common, ...row } };
    }
    const any = events["*"];
    return any === undefined ? undefined : { name: "*", row: { ...common, ...any } };
}
function toScope(row, root, event, named) {
    const { action, title } = row;
    const repository = readRepository(row, root);
    const rest = named === undefined || named.name === "*" ? "" : event.slice(named.name.length + 1);
    const done = (action === undefined ? undefined : readWords(action, root)) ?? rest;
    const word = toRefField(done, 60);
    return {
        event,
        action: done === "" ? undefined : word,
        words: {
            event: toNameField(event),
            sender: title,
            ...(repository !== undefined && { repository }),
            did: toDone(word),
        },
        entityPrefix: "",
        statePrefix: "",
        priority: "normal",
    };
}
/** Actions that senders name as orders; the others say what was done. */
const DONE = new Map(Object.entries({
    open: "opened",
    reopen: "reopened",
    close: "closed",
    create: "created",
    delete: "deleted",
    remove: "removed",
    update: "updated",
    merge: "merged",
    resolve: "resolved",
    archive: "archived",
    publish: "published",
    assign: "assigned",
    approve: "approved",
    acknowledge: "acknowledged",
    escalate: "escalated",
    trigger: "triggered",
    revoke: "revoked",
    award: "awarded",
    restore: "restored",
    add: "added",
    cancel: "canceled",
    decline: "declined",
    reject: "rejected",
    request: "requested",
    edit: "edited",
    complete: "completed",
    start: "started",
    pause: "paused",
    resume: "resumed",
    activate: "activated",
    deactivate: "deactivated",
    expire: "expired",
    fail: "failed",
    skip: "skipped",
    submit: "submitted",
    connect: "connected",
    disconnect: "disconnected",
}));
function toDone(action) {
    const word = action.toLowerCase();
    return word === "" ? "changed" : (DONE.get(word) ?? word.replaceAll(/[_.-]/g, " "));
}
/** SENDER-2 */
function toRanked({ title }, event, payload) {
    const { text, link } = rankWithoutMail(payload, { known: toKnown(event) });
    return {
        summary: event === "event" ? `${title}: an event` : `${title}: ${toNameField(event)}`,
        severity: toRankedSeverity(event, payload),
        quotes: text === "" ? [] : [{ label: "fields", text }],
        url: link,
    };
}
/** As bad as its name, or as the word that it has for that. */
function toRankedSeverity(event, payload) {
    const named = toNameSeverity(event);
    const { severity: path } = proposeTemplate(payload);
    if (named !== "info" || path === undefined)
        return named;
    return toSeverity(readExact(payload, path));
}
/** The line says them already. */
function toKnown(event) {
    return [event, ...event.split(".").map((_, index, all) => all.slice(index).join("."))];
}
/** Where the payload is not what the row expects, its values say more than a line of question marks. */
function withRest(description, event, toOpen) {
    const { summary, facts = [], quotes = [], url } = description;
    const isThin = /(?:^|[\s"#(])\?(?:$|[\s").,:])/.test(summary) || (facts.length === 0 && quotes.length === 0);
    if (!isThin)
        return description;
    const { text, link } = rankWithoutMail(toOpen(), { known: toKnown(event) });
    const rest = text === "" ? [] : [{ label: "fields", text }];
    const { severity = "info", meta } = description;
    // Of what is over, its own word is not asked again.
    const isSaid = severity !== "info" || meta?.["status"] !== undefined;
    return {
        ...description,
        severity: isSaid ? severity : toRankedSeverity(event, toOpen()),
        quotes: [...quotes, ...rest],
        url: url ?? link,
    };
}
const MAX_LINK_CHARS = 1_500;
/** A link that is too long for a line of ours is quoted. */
function withLongLink(description, { row }, root) {
    if (description.url !== undefined)
        return description;
    const text = (row.links ?? [])
        .filter((link) => !link.includes("/"))
        .flatMap((link) => findAll(root, link))
        .map(({ value }) => value)
        .find((value) => typeof value === "string" &&
        value.length <= MAX_LINK_CHARS &&
        /^https?:\/\/\S+$/.test(value) &&
        !hasCredential(value));
    if (typeof text !== "string")
        return description;
    return { ...description, quotes: [...(description.quotes ?? []), { label: "link", text }] };
}
function toArrival(row, request, root, description, scope) {
    const { actor } = row;
    const id = toId(actor === undefined ? undefined : readExact(root, actor.id));
    const name = toName(actor === undefined ? undefined : readExact(root, actor.name));
    const { repository } = scope.words;
    return {
        channel: request.channel,
        kind: scope.event,
        sender: { id: id ?? row.kind, ...(name !== undefined && { name }) },
        ...toTold(description, { repository, user: name, user_id: id }),
        ack: "auto",
        verified: request.verified,
        ...toIdentity(row, request, root, scope.event),
        ...(repository !== undefined && { repository }),
    };
}
/** `owner/name` in lower case; groups of GitLab may stand in front. */
function readRepository({ repository = [] }, root) {
    for (const template of repository) {
        let isWhole = true;
        const text = template.replaceAll(/\{([^{}]+)\}/g, (_all, paths) => {
            const found = readExact(root, paths);
            if (found === undefined)
                isWhole = false;
            return found ?? "";
        });
        const path = text
            // A port is part of the host, never of the path.
            .replace(/^(?:(?:https?|ssh|git):\/\/[^/]+\/|[\w.-]+@[^/:]+:)/i, "")
            .replace(/\.git$/i, "")
            .replace(/^\/+|\/+$/g, "");
        if (isWhole && /^[\w.-]{1,100}(?:\/[\w.-]{1,100}){1,5}$/.test(path))
            return path.toLowerCase();
    }
    return undefined;
}
