/**
 * Adds an author's channel whose code a person has confirmed, and puts new code in the place of old.
 *
 * Owns: what is refused, and that nothing is half added. Never: asks anybody (the command line did), or runs the code.
 */
import { randomBytes } from "node:crypto";
import { TAKEN_TOOLS } from "../../sdk/author/define.js";
import { SluiceError } from "../../sdk/errors.js";
import { Secret } from "../../sdk/secret.js";
import { isSchemeName } from "../../verify/schemes.js";
import { CHANNEL_KINDS } from "../channels/catalogue.js";
import { PROBE_CHANNEL } from "../settings/channel-name.js";
import { listWebhooks } from "./doors.js";
import { keepCode, openNewCode, removeCode } from "./kept-code.js";
const DEFAULT_RATE = 50;
/** @throws SluiceError `bad_input`, `bad_secret`, `conflict`, `bad_config`: then nothing has changed. */
export async function addCode({ home, channels, authored }, request) {
    const code = await openNewCode(home, request.folder, request.digest);
    const { outline } = code.manifest;
    const name = request.name ?? outline.kind;
    checkCode(code, name, { channels, authored });
    const secrets = toSecrets(outline, request.secrets);
    const config = toConfig(request, code, name);
    await channels.put(config, secrets, {
        needsPort: isReceiving(outline),
        before: () => keepCode(home, name, code),
        undo: () => removeCode(home, name),
    });
    const urls = listWebhooks(outline).map(({ suffix }) => channels.toUrl(name + suffix));
    const made = secrets.keys[0]?.secret.reveal();
    return {
        name,
        kind: outline.kind,
        scheme: config.scheme,
        ...(urls[0] === undefined ? {} : { url: urls[0] }),
        ...(made === undefined ? {} : { token: made }),
        ...(secrets.listen === undefined ? {} : { listenToken: secrets.listen.reveal() }),
        nextStep: toNextStep(name, urls),
    };
}
/** New code for a channel that is there. Its people, its secrets and its place in the inbox stay. */
export async function reloadCode({ home, channels, authored }, name, request) {
    const code = await openNewCode(home, request.folder, request.digest);
    const before = authored.manifestOf(name);
    if (before === undefined)
        throw new SluiceError("not_found", `channel "${name}" does not run code of its own`);
    const { outline } = code.manifest;
    if (outline.kind !== before.outline.kind)
        throw new SluiceError("conflict", `its kind is "${outline.kind}" now, and was "${before.outline.kind}"; remove ${name}, then add the other one`);
    checkTools(outline, name, authored);
    checkSchemes(outline);
    const made = {};
    await channels.replaceCode(name, code, {
        facts: toFacts(outline),
        needsPort: isReceiving(outline),
        toSecrets(kept) {
            const secrets = toSecrets(outline, { ...kept.named, ...request.secrets }, kept);
            const [key] = secrets.keys;
            if (kept.keys.length === 0 && key !== undefined)
                made.token = key.secret.reveal();
            if (kept.listen === undefined && secrets.listen !== undefined)
                made.listenToken = secrets.listen.reveal();
            return secrets;
        },
    });
    const [first] = listWebhooks(outline);
    const url = first === undefined ? {} : { url: channels.toUrl(name + first.suffix) };
    return { name, digest: code.digest, ...url, ...made };
}
function checkCode({ manifest: { outline, from } }, name, { channels, authored }) {
    const { kind } = outline;
    if (name === PROBE_CHANNEL)
        throw new SluiceError("bad_input", `"${name}" is the name of Sluice's own probe; choose another`);
    const other = channels
        .list()
        .find(({ config }) => config.kind === kind && config.code?.from !== from);
    if (CHANNEL_KINDS.includes(kind) || other !== undefined)
        throw new SluiceError("conflict", `${from}: the kind "${kind}" exists${other === undefined ? " in Sluice itself" : ` (channel ${other.config.name})`}; give the channel another one: kind: "my-${kind}"`.slice(0, 600));
    checkTools(outline, name, authored);
    checkSchemes(outline);
}
function checkTools({ tools }, name, authored) {
    const others = authored.listTools().filter(({ channel }) => channel !== name);
    for (const tool of tools) {
        const other = others.find((one) => one.name === tool.name);
        if (other === undefined && !TAKEN_TOOLS.includes(tool.name))
            continue;
        const whose = other === undefined ? "Sluice" : `channel ${other.channel}`;
        throw new SluiceError("conflict", `tool ${tool.name}: ${whose} has a tool of this name; call yours ${name.replaceAll("-", "_")}_${tool.name}`);
    }
}
function checkSchemes(outline) {
    for (const { proof, name } of listWebhooks(outline))
        if (proof.kind === "scheme" && !isSchemeName(proof.scheme))
            throw new SluiceError("bad_config", `webhook ${name}: there is no scheme "${proof.scheme}"`);
}
/** Those that were given, and those that Sluice makes, where they are not there yet. */
function toSecrets(outline, given, kept = { keys: [] }) {
    const named = {};
    const optional = new Set(listWebhooks(outline).flatMap(({ proof }) => proof.kind === "scheme" ? proof.secrets.slice(1) : []));
    for (const key of outline.secrets) {
        const value = Object.hasOwn(given, key) ? given[key] : undefined;
        if (value !== undefined && value !== "")
            named[key] = value;
        else if (!optional.has(key))
            throw new SluiceError("bad_secret", `the secret ${key} is missing; set the variable ${key}, or type it`);
    }
    const isMade = listWebhooks(outline).some(({ proof }) => proof.kind === "made");
    const keys = kept.keys.length > 0 || !isMade ? kept.keys : [{ id: "k1", secret: newToken() }];
    const listen = outline.reply === "stream" ? { listen: kept.listen ?? newToken() } : {};
    return { keys, ...listen, ...(Object.keys(named).length > 0 ? { named } : {}) };
}
function newToken() {
    return new Secret(randomBytes(32).toString("base64url"));
}
function toConfig(request, { digest, manifest }, name) {
    const { outline, from } = manifest;
    const { allowUnsigned, ...facts } = toFacts(outline);
    return {
        name,
        kind: outline.kind,
        ...facts,
        paused: false,
        rate: request.rate ?? DEFAULT_RATE,
        ...(request.listener === undefined ? {} : { listener: request.listener }),
        ...(allowUnsigned ? { allowUnsigned } : {}),
        ...(request.ttlMs === undefined ? {} : { ttlMs: request.ttlMs }),
        ...(request.quota === undefined ? {} : { quota: request.quota }),
        ...(request.settings === undefined ? {} : { settings: request.settings }),
        code: { digest, from },
    };
}
/** What follows from the code, and changes with it. */
function toFacts(outline) {
    const [first] = listWebhooks(outline);
    return {
        scheme: toScheme(first?.proof),
        twoWay: outline.reply === "stream",
        allowUnsigned: listWebhooks(outline).some(({ proof }) => proof.kind === "local"),
    };
}
/** It receives, or has a stream. */
function isReceiving(outline) {
    return listWebhooks(outline).length > 0 || outline.reply === "stream";
}
function toScheme(proof) {
    if (proof === undefined)
        return "connection";
    if (proof.kind === "scheme")
        return proof.scheme;
    return proof.kind === "made" ? "bearer" : proof.kind === "local" ? "none" : "own";
}
function toNextStep(name, urls) {
    const [, ...more] = urls;
    return [
        `"sluice tail" shows what arrives on ${name}, and "sluice status" how it is doing`,
        ...more.map((url) => `it receives at ${url} too`),
    ].join("\n");
}
