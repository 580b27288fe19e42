/**
 * `defineChannel`: what an author wrote, checked.
 *
 * Owns: the checks and defaults of a definition, each fault in one line with the place and the fix. Never: effects: nothing is opened or
 * started by it.
 */
import { SluiceError } from "../errors.js";
import { ACK_POLICIES, PRIORITIES } from "../event.js";
import { isZone } from "../wall-clock.js";
import { findChatFault } from "./chat.js";
import { checkMeta } from "./new-event.js";
import { bearer, header, localOnly, signed } from "./proof.js";
import { isSchema, toJsonSchema } from "./schema.js";
const CHANNEL = Symbol.for("sluice.channel");
const NAME = /^[a-z][a-z0-9-]{0,31}$/;
const TOOL_NAME = /^[a-zA-Z][a-zA-Z0-9_-]{0,47}$/;
/** Tools of Sluice's own. */
export const TAKEN_TOOLS = "ack details download_attachment edit_message hook inbox react reply send timer unwatch watch".split(" ");
const FIELDS = "kind title description instructions attributes webhook service observe schedule reply chat tools permission senders approvers ack priority target ttlMs meta secrets port".split(" ");
const MAX_BODY_BYTES = 1024 * 1024;
const GITHUB_MAX_BODY_BYTES = 25 * 1024 * 1024;
const MIN_EVERY_MS = 100;
/** Timers of most runtimes hold no more. */
const MAX_EVERY_MS = 2_147_483_647;
const MAX_INSTRUCTIONS_CHARS = 1_200;
const RECEIVE_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 30_000;
/**
 * Declares a channel: `export default defineChannel({ kind, ... })`. Checks the definition and has no other effect.
 * @throws SluiceError `bad_config`: one line with the place and the fix.
 */
export function defineChannel(definition) {
    // Files may be plain JavaScript, and a type may have been cast away: nothing of it is believed.
    const given = definition;
    if (typeof given !== "object" || given === null)
        throw bad("channel", "give defineChannel an object: defineChannel({ kind, webhook: ... })");
    // The generics only serve the author's own functions.
    const loose = definition;
    checkKind(loose.kind);
    const place = `channel ${loose.kind}`;
    checkFields(place, given, FIELDS);
    checkWords(place, loose);
    const sources = toSources(place, loose);
    const tools = toTools(place, loose);
    checkReply(place, loose);
    const channel = {
        [CHANNEL]: true,
        definition: loose,
        kind: loose.kind,
        sources,
        tools,
        secrets: listSecrets(loose, sources),
    };
    return Object.freeze(channel);
}
/** Types one webhook of several: `webhook: [webhook({ ... }), webhook({ ... })]`. */
export function webhook(source) {
    return source;
}
/** Types one observed thing of several. */
export function observe(source) {
    return source;
}
/** Types a tool that is declared by itself. */
export function tool(definition) {
    return definition;
}
/** Also of another copy of this package. */
export function isAuthorChannel(value) {
    return typeof value === "object" && value !== null && Reflect.get(value, CHANNEL) === true;
}
function checkKind(kind) {
    if (typeof kind !== "string" || !NAME.test(kind))
        throw bad("channel", `kind ${JSON.stringify(kind) ?? "is missing"}; give it a name like "sentry-alerts": a-z, 0-9 and -, at most 32 characters`);
}
function checkFields(place, given, fields) {
    const unknown = Object.keys(given).find((key) => !fields.includes(key));
    if (unknown === undefined)
        return;
    const near = fields.find((field) => isNear(field, unknown));
    throw bad(place, `unknown field "${unknown}"; ${near === undefined ? `there are ${fields.join(", ")}` : `did you mean ${near}?`}`);
}
/** The same letters but for one or two. */
function isNear(one, other) {
    const [a, b] = [one.toLowerCase(), other.toLowerCase()];
    if (a.startsWith(b) || b.startsWith(a))
        return true;
    const common = [...a].filter((char) => b.includes(char)).length;
    return a[0] === b[0] && common >= a.length - 1 && Math.abs(a.length - b.length) <= 2;
}
function checkWords(place, definition) {
    const { instructions, attributes = {}, meta, ack, priority, ttlMs, port, target } = definition;
    for (const key of ["title", "description", "instructions"]) {
        const value = definition[key];
        if (value !== undefined && typeof value !== "string")
            throw bad(place, `${key} must be a text`);
    }
    if ((instructions ?? "").length > MAX_INSTRUCTIONS_CHARS)
        throw bad(place, `instructions have ${instructions?.length} characters; keep at most ${MAX_INSTRUCTIONS_CHARS}, since clients cut at 2 KB in all`);
    try {
        checkMeta(attributes);
        if (meta !== undefined)
            checkMeta(meta);
    }
    catch (thrown) {
        throw bad(place, thrown instanceof Error ? thrown.message : String(thrown));
    }
    if (ack !== undefined && !ACK_POLICIES.includes(ack))
        throw bad(place, `ack "${String(ack)}"; use ${ACK_POLICIES.join(", ")}`);
    if (priority !== undefined && !PRIORITIES.includes(priority))
        throw bad(place, `priority "${String(priority)}"; use ${PRIORITIES.join(", ")}`);
    if (target !== undefined && (typeof target !== "string" || target === ""))
        throw bad(place, "target must be the id or the name of a session");
    requireCount(place, "ttlMs", ttlMs, 1, Number.MAX_SAFE_INTEGER);
    requireCount(place, "port", port, 0, 65_535);
    for (const key of ["senders", "approvers"])
        checkPeople(place, key, definition[key]);
}
function checkPeople(place, key, people) {
    if (people === undefined || isEnvRef(people))
        return;
    if (Array.isArray(people) && people.every((id) => typeof id === "string" && id !== ""))
        return;
    throw bad(place, `${key} must be a list of ids, or env("NAME") of a variable with commas between them`);
}
function requireCount(place, key, value, min, max) {
    if (value === undefined)
        return;
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= min && value <= max)
        return;
    throw bad(place, `${key} is ${String(value)}; give a whole number from ${min} to ${max}`);
}
function toSources(place, definition) {
    const sources = [
        ...toList(definition.webhook).map((source) => toWebhook(place, source)),
        ...(definition.service === undefined ? [] : [toService(place, definition.service)]),
        ...toList(definition.observe).map((source) => toObserve(place, source)),
        ...toList(definition.schedule).map((source) => toSchedule(place, source)),
    ];
    if (sources.length === 0)
        throw bad(place, "has no source; give it one of webhook, service, observe, schedule");
    const seen = new Set();
    for (const { name } of sources) {
        if (!NAME.test(name))
            throw bad(place, `source name ${JSON.stringify(name)}; use a-z, 0-9 and -, at most 32 characters`);
        if (seen.has(name))
            throw bad(place, `two sources are called "${name}"; give one of them another name: { name: "other", ... }`);
        seen.add(name);
    }
    return sources;
}
function toList(one) {
    if (one === undefined)
        return [];
    // Array.isArray does not narrow readonly arrays.
    return Array.isArray(one) ? one : [one];
}
function toWebhook(place, source) {
    const where = requireObject(place, "webhook", source);
    requireFunction(where, "receive", source.receive);
    const proof = toProof(where, source.verify);
    const isGithub = proof.kind === "scheme" && proof.scheme === "github";
    const max = isGithub ? GITHUB_MAX_BODY_BYTES : MAX_BODY_BYTES;
    requireCount(where, "maxBodyBytes", source.maxBodyBytes, 1, max);
    requireCount(where, "timeoutMs", source.timeoutMs, 1, MAX_EVERY_MS);
    if (source.payload !== undefined && !isSchema(source.payload))
        throw bad(where, "payload is no schema; give one of zod or of another library that keeps to Standard Schema");
    return {
        type: "webhook",
        name: source.name ?? "webhook",
        proof,
        maxBodyBytes: source.maxBodyBytes ?? MAX_BODY_BYTES,
        timeoutMs: source.timeoutMs ?? RECEIVE_TIMEOUT_MS,
        source,
    };
}
function toProof(where, verify) {
    if (verify === undefined)
        return { kind: "made" };
    const uncalled = [bearer, header, localOnly, signed].find((word) => word === verify);
    if (uncalled !== undefined)
        throw bad(where, `verify is ${uncalled.name} itself; call it: ${uncalled.name}(...)`);
    // The shape is looked at below.
    if (typeof verify === "function")
        return { kind: "own", check: verify };
    const rule = verify;
    switch (rule?.kind) {
        case "local":
        case "made":
        case "own":
            return rule;
        case "scheme":
            if (rule.secrets.length === 0 || !rule.secrets.every(isEnvRef))
                throw bad(where, `verify needs a secret by its name: ${rule.scheme === "token-header" ? 'header("X-Token", env("NAME"))' : `signed("${rule.scheme}", env("NAME"))`}`);
            return rule;
        default:
            throw bad(where, "verify must be header(...), bearer(...), signed(...), localOnly() or a function of yours");
    }
}
function toService(place, source) {
    const where = requireObject(place, "service", source);
    requireFunction(where, "connect", source.connect);
    if (source.disconnect !== undefined)
        requireFunction(where, "disconnect", source.disconnect);
    if (source.isHealthy !== undefined)
        requireFunction(where, "isHealthy", source.isHealthy);
    requireCount(where, "timeoutMs", source.timeoutMs, 1, MAX_EVERY_MS);
    return {
        type: "service",
        name: source.name ?? "service",
        timeoutMs: source.timeoutMs ?? CONNECT_TIMEOUT_MS,
        source,
    };
}
function toObserve(place, source) {
    const where = requireObject(place, "observe", source);
    requireFunction(where, "receive", source.receive);
    const ways = ["items", "emitter", "poll"].filter((way) => source[way] !== undefined);
    const [way] = ways;
    if (way === undefined || ways.length > 1)
        throw bad(where, `has ${ways.length === 0 ? "none" : ways.join(" and ")} of items, emitter, poll; give exactly one`);
    requireFunction(where, way, source[way]);
    if (way === "poll" && source.everyMs === undefined)
        throw bad(where, "poll needs everyMs, the time between two looks: everyMs: 60_000");
    requireCount(where, "everyMs", source.everyMs, MIN_EVERY_MS, MAX_EVERY_MS);
    if (source.key !== undefined)
        requireFunction(where, "key", source.key);
    return { type: "observe", name: source.name ?? "observe", source };
}
function toSchedule(place, source) {
    const where = requireObject(place, "schedule", source);
    requireFunction(where, "receive", source.receive);
    const { everyMs, dailyAt, zone } = source;
    if ((everyMs === undefined) === (dailyAt === undefined))
        throw bad(where, 'give everyMs or dailyAt ("09:00"), one of them');
    requireCount(where, "everyMs", everyMs, MIN_EVERY_MS, MAX_EVERY_MS);
    if (dailyAt !== undefined && !/^(?:[01]\d|2[0-3]):[0-5]\d$/.test(dailyAt))
        throw bad(where, `dailyAt "${dailyAt}"; write HH:MM, as in 09:00`);
    if (zone !== undefined && !isZone(zone))
        throw bad(where, `zone "${zone}" is no time zone; write one like Europe/Berlin`);
    return { type: "schedule", name: source.name ?? "schedule", source };
}
function toTools(place, { tools = {} }) {
    const made = new Map();
    for (const [name, one] of Object.entries(tools)) {
        const where = `${place}, tool ${name}`;
        if (!TOOL_NAME.test(name))
            throw bad(where, "use letters, digits, _ and -, beginning with a letter, at most 48 characters");
        if (TAKEN_TOOLS.includes(name))
            throw bad(where, `Sluice has a tool of this name; call yours ${place.slice("channel ".length).replaceAll("-", "_")}_${name}`);
        if (typeof one !== "object" || one === null)
            throw bad(where, "give it { description, input, run }");
        if (typeof one.description !== "string" || one.description.trim() === "")
            throw bad(where, "needs a description: the model chooses by it");
        requireFunction(where, "run", one.run);
        requireCount(where, "timeoutMs", one.timeoutMs, 1, MAX_EVERY_MS);
        made.set(name, { tool: one, inputSchema: toInputSchema(where, one.input) });
    }
    return made;
}
function toInputSchema(where, input) {
    if (input === undefined)
        return { type: "object", properties: {} };
    if (!isSchema(input))
        throw bad(where, "input is no schema; give z.object({ ... }) of zod 4.2 or later");
    let made;
    try {
        made = toJsonSchema(input);
    }
    catch (thrown) {
        throw bad(where, `input has no JSON Schema (${thrown instanceof Error ? thrown.message : String(thrown)})`);
    }
    if (made === undefined)
        throw bad(where, "input gives no JSON Schema of an object; give z.object({ ... }) of zod 4.2 or later, a type of arktype, or valibot's by toStandardJsonSchema of @valibot/to-json-schema");
    return made;
}
function checkReply(place, definition) {
    const { reply, permission, approvers, chat } = definition;
    if (reply !== undefined && reply !== true && typeof reply !== "function")
        throw bad(place, "reply must be true (out on its own stream) or a function that sends");
    if (permission !== undefined && typeof permission !== "boolean")
        throw bad(place, "permission must be true or false");
    if (permission === true && reply === undefined)
        throw bad(place, "permission needs reply: people must read what they are asked");
    if (chat !== undefined) {
        if (typeof chat !== "object" || chat === null)
            throw bad(place, "chat must be an object");
        const fault = findChatFault(chat);
        if (fault !== undefined)
            throw bad(place, fault);
        if (typeof reply !== "function")
            throw bad(place, "chat needs a reply that sends");
    }
    if (approvers !== undefined && permission !== true)
        throw bad(place, "approvers without permission: true answer nothing; set it, or leave them out");
}
function listSecrets(definition, sources) {
    const refs = [definition.senders, definition.approvers, ...(definition.secrets ?? [])];
    for (const source of sources)
        if (source.type === "webhook" && source.proof.kind === "scheme")
            refs.push(...source.proof.secrets);
    return [...new Set(refs.filter(isEnvRef).map((ref) => ref.env))];
}
export function isEnvRef(value) {
    return (typeof value === "object" && value !== null && typeof Reflect.get(value, "env") === "string");
}
/** The fields of each source. */
const SOURCE_FIELDS = {
    webhook: "name verify payload maxBodyBytes timeoutMs receive",
    service: "name connect disconnect isHealthy timeoutMs",
    observe: "name items emitter events poll everyMs key receive",
    schedule: "name everyMs dailyAt zone receive",
};
function requireObject(place, key, source) {
    if (typeof source !== "object" || source === null)
        throw bad(place, `${key} must be an object`);
    const name = Reflect.get(source, "name");
    const where = typeof name === "string" ? `${place}, ${key} ${name}` : `${place}, ${key}`;
    checkFields(where, source, SOURCE_FIELDS[key].split(" "));
    return where;
}
function requireFunction(where, key, value) {
    if (typeof value !== "function")
        throw bad(where, `${key} must be a function`);
}
function bad(place, what) {
    return new SluiceError("bad_config", `${place}: ${what}`);
}
