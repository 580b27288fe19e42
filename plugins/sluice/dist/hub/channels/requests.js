/**
 * Requests of a channel, once more: how a stored one would be told, and a sample of its sender sent the whole way.
 *
 * Owns: making such a request, and its answer in words. Never: stores an event past ingress; a sample is signed, verified and gated as any.
 */
import { randomUUID } from "node:crypto";
import { fillOwn, findTemplateFault } from "../../catalogue/own-template.js";
import { proposeTemplate } from "../../catalogue/propose.js";
import { readSamples, toSampleRequest } from "../../catalogue/samples.js";
import { NOTE_QUOTE_CHARS } from "../../flow/text/note.js";
import { toText } from "../../flow/text/shape.js";
import { SluiceError } from "../../sdk/errors.js";
import { parseJson } from "../../sdk/json.js";
import { loadSender } from "../../catalogue/senders.js";
import { findEvent } from "../../store/events/inbox.js";
import { findPayload } from "../../store/events/payloads.js";
import { findScheme } from "../../verify/find-scheme.js";
import { signParts } from "../../verify/sign.js";
import { postTo } from "../probe/probe-post.js";
import { loadDefinition } from "./catalogue.js";
import { readSecrets } from "./secrets.js";
export function openRequests(core, needs) {
    return {
        preview: (event, template) => preview(core, needs, event, template),
        sample: (kind, event, channel) => sendSample(core, needs, { kind, event, channel }),
        listSamples: (kind) => readSamples(kind).map(({ event, source }) => ({ event, source })),
    };
}
async function preview({ db }, { channels }, id, template) {
    const fault = template === undefined ? undefined : findTemplateFault(template);
    if (fault !== undefined)
        throw new SluiceError("bad_input", fault);
    const event = findEvent(db, id);
    if (event === undefined)
        throw new SluiceError("not_found", `no event ${id}`);
    const config = channels.list().find(({ config }) => config.name === event.channel)?.config;
    const definition = config === undefined || config.code !== undefined
        ? undefined
        : await loadDefinition(config.kind, config.settings);
    if (config === undefined || definition?.receive === undefined || config.twoWay)
        throw new SluiceError("bad_input", `${id} is of "${event.channel}", which takes no requests of programs`);
    if (config.kind !== "webhook")
        throw new SluiceError("bad_input", `${id} is of a sender that Sluice knows (${config.kind}): its requests are told by the sender's own names, and take no template; "sluice trace ${id}" shows how it was told`);
    const kept = findPayload(db, id);
    const payload = toPayload(event, kept);
    if (payload === undefined)
        throw new SluiceError("bad_input", kept === undefined || kept.omitted === 0
            ? `of ${id} the request was not kept: only JSON and forms that a line cannot tell are`
            : `of ${id} only a part of the request was kept (${kept.omitted} more characters came), and a part is no request; try a smaller one`);
    const used = template ?? config.template;
    const received = definition.receive(toRequest(event, payload), {
        name: config.name,
        twoWay: false,
        ...(used !== undefined && { template: used }),
    });
    if (received.kind !== "arrival")
        throw new SluiceError("bad_input", `${id}: its request is no event any more (${received.kind})`);
    return {
        channel: event.channel,
        before: toText(event, NOTE_QUOTE_CHARS),
        after: toText(received.arrival, NOTE_QUOTE_CHARS),
        missing: template === undefined ? [] : fillOwn(template, payload).missing,
        proposed: proposeTemplate(payload),
    };
}
/** Kept whole, or as the lines that tell all of it. */
function toPayload({ quotes }, kept) {
    if (kept !== undefined) {
        const parsed = parseJson(kept.text);
        return kept.omitted === 0 && parsed.kind === "ok" ? parsed.value : undefined;
    }
    const lines = quotes.flatMap(({ label, text }) => label === "body" || label === "fields"
        ? text.split("\n").map((line) => line.split(/: (.*)/s))
        : [[label, text]]);
    const payload = {};
    for (const [path, value] of lines)
        if (value !== undefined)
            put(payload, path.split("."), value);
    return Object.keys(payload).length === 0 ? undefined : payload;
}
function put(into, path, value) {
    const [key = "", ...rest] = path;
    if (rest.length === 0) {
        Object.defineProperty(into, key, {
            value,
            enumerable: true,
            writable: true,
            configurable: true,
        });
        return;
    }
    const inner = Object.hasOwn(into, key) ? into[key] : undefined;
    const next = typeof inner === "object" && inner !== null ? inner : {};
    Object.defineProperty(into, key, {
        value: next,
        enumerable: true,
        writable: true,
        configurable: true,
    });
    // An object of ours, or one made above.
    put(next, rest, value);
}
function toRequest(event, payload) {
    return {
        channel: event.channel,
        path: event.meta["path"] ?? "",
        method: event.meta["method"] ?? "POST",
        headers: { "content-type": "application/json" },
        body: Buffer.from(JSON.stringify(payload)),
        verified: event.verified,
        receivedAt: event.receivedAt,
    };
}
async function sendSample({ clock, home }, { channels, ingress }, wanted) {
    const { kind, channel } = wanted;
    const config = channels
        .list()
        .map((entry) => entry.config)
        .find((one) => one.kind === kind && (channel ?? one.name) === one.name);
    if (config === undefined)
        throw new SluiceError("not_found", channel === undefined
            ? `no channel of kind "${kind}"; "sluice add ${kind}" first`
            : `no channel "${channel}" of kind "${kind}"`);
    const sample = findSample(kind, wanted.event);
    const { name } = config;
    const { url, headers, body, method } = await toSigned(config, sample, {
        home,
        now: clock.now(),
        base: `${ingress.url}/in/${name}`,
    });
    const posted = await postTo(url, headers, body, method);
    if (posted.fault !== undefined)
        throw new SluiceError("hub_unreachable", `the sample did not reach ingress: ${posted.fault}`);
    const { status, id, duplicate } = posted;
    return {
        channel: name,
        event: sample.event,
        status,
        ...(id !== undefined && { id }),
        ...(duplicate !== undefined && { duplicate }),
    };
}
/** @throws SluiceError `not_found` that lists those there are. */
function findSample(kind, event) {
    const samples = readSamples(kind);
    const sample = event === undefined ? samples[0] : samples.find((one) => one.event === event);
    if (sample !== undefined)
        return sample;
    const names = samples.map((one) => one.event).join(", ");
    throw new SluiceError("not_found", names === ""
        ? `there are no samples of "${kind}"`
        : `no sample "${event ?? ""}" of ${kind}; there are: ${names}`);
}
/** @throws SluiceError `bad_config` where only the sender itself can sign. */
async function toSigned(config, sample, { home, now, base }) {
    const definition = await loadDefinition(config.kind, config.settings);
    const row = findScheme({ ...config, own: definition.ownSchemes });
    const [key] = readSecrets(home, config.name)?.keys ?? [];
    const { body, headers, method, query } = toSampleRequest(sample, {
        uuid: randomUUID,
        now,
        idPath: (await loadSender(config.kind))?.id,
    });
    const publicUrl = config.settings?.["url"] ?? base;
    if (key === undefined || config.allowUnsigned === true)
        return { url: base + query, headers, body, method };
    if (row.algorithm === "ed25519" || row.algorithm === "ecdsa-p256")
        throw new SluiceError("bad_config", `${row.title} signs with a key that only it has; send a test from its own page`);
    const credential = { keyId: key.id, secret: key.secret };
    const signed = signParts(row, credential, {
        id: randomUUID(),
        sentAt: now,
        body,
        url: publicUrl + query,
        method,
        headers,
    });
    const joint = signed.suffix.startsWith("?") && query !== "" ? `&${signed.suffix.slice(1)}` : signed.suffix;
    const path = joint.startsWith("/") ? `${base}${joint}${query}` : `${base}${query}${joint}`;
    return { url: path, headers: { ...headers, ...signed.headers }, body: signed.body, method };
}
