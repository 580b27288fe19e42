import { SluiceError } from "../../sdk/errors.js";
import { Secret } from "../../sdk/secret.js";
import { toVerifyToken } from "../../verify/key.js";
import { openVerifier } from "../../verify/verifier.js";
import { changeConfig } from "../settings/config.js";
import { loadDefinition, settleSettings } from "./catalogue.js";
import { toSenderWords } from "./sender-words.js";
import { toNamedSecrets } from "./check-platform.js";
import { checkReach } from "./new-channel.js";
import { readSecrets, removeSecrets, writeSecrets } from "./secrets.js";
const BURST_SECONDS = 10;
/** @throws SluiceError: it stays closed. */
export async function openChannel(given, needs) {
    if (given.code !== undefined)
        return openAuthored(given, needs);
    const { home, connections, oldKeys } = needs;
    const secrets = oldKeys.watch(given.name, readSecrets(home, given.name) ?? { keys: [] });
    const config = await settle(given, secrets);
    const definition = await loadDefinition(config.kind, config.settings);
    const { receive, open } = definition;
    if (config.twoWay)
        checkReach(config, definition.ownSchemes);
    if (receive !== undefined && secrets.keys.length === 0 && config.allowUnsigned !== true) {
        const name = config.name;
        throw new SluiceError("bad_secret", `secrets/${name} is missing or holds no key; put it back, or "sluice remove ${name}" and add it again with a new secret`);
    }
    const isConnected = open !== undefined && definition.canReply;
    if (open !== undefined && !config.paused) {
        const secret = secrets.keys[0]?.secret ?? new Secret("");
        await connections.open({
            name: config.name,
            open,
            secret,
            secrets: toNamedSecrets(secrets.named ?? {}),
            settings: config.settings ?? {},
            ...(config.ignoreSenders !== undefined && { ignoreSenders: config.ignoreSenders }),
        });
    }
    else {
        await connections.end(config.name);
    }
    if (receive === undefined) {
        const mute = definition.carriesVerdicts === false ? { carriesVerdicts: false } : {};
        const listed = { config, channel: undefined, isConnected, reason: undefined, ...mute };
        return isConnected ? listed : { ...listed, isInward: true };
    }
    const missing = new Set();
    const channel = {
        name: config.name,
        definition: {
            ...definition,
            receive: isConnected ? toLive(config.name, receive, needs) : receive,
        },
        options: {
            name: config.name,
            twoWay: config.twoWay,
            ...(config.allowTarget === true && { allowTarget: true }),
            ...(config.ignoreSenders !== undefined && { ignoreSenders: config.ignoreSenders }),
            ...(config.template !== undefined && {
                template: config.template,
                noteMissing: (paths) => noteMissing(missing, paths),
            }),
        },
        verifier: config.allowUnsigned === true
            ? "unsigned"
            : openVerifier(toVerifierOptions(config, secrets, definition)),
        paused: config.paused,
        ratePerSecond: config.rate,
        burst: Math.max(1, config.rate * BURST_SECONDS),
        ...(definition.preflight === undefined
            ? {}
            : {
                preflight: {
                    rule: definition.preflight,
                    // Who types the platform's own secret there has proved as much.
                    tokens: secrets.keys.flatMap(({ secret }) => [toVerifyToken(secret), secret]),
                },
            }),
        ...(secrets.listen === undefined ? {} : { listenToken: secrets.listen }),
    };
    const sender = toSenderWords(config, definition);
    return { config, channel, isConnected, reason: undefined, missing, ...(sender && { sender }) };
}
async function settle(config, { keys, named }) {
    const secret = keys[0]?.secret.reveal();
    const settings = await settleSettings(config.kind, config.settings, { secret, secrets: named });
    return settings === config.settings ? config : { ...config, settings: { ...settings } };
}
/** Of a channel that receives and has a connection: the connection takes its requests, where it does that and is there. */
function toLive(name, receive, { connections }) {
    return (request, options) => {
        const live = connections.find(name);
        return live?.receive === undefined ? receive(request, options) : live.receive(request);
    };
}
const MAX_MISSING = 10;
/** What a template names and the last request did not have; a request that has all of it clears that. */
function noteMissing(missing, paths) {
    missing.clear();
    for (const path of paths.slice(0, MAX_MISSING))
        missing.add(path);
}
/** Of the owner's own code. Its process starts meanwhile: until then senders are told to come again. */
async function openAuthored(config, { home, authored, connections }) {
    const { name, settings = {}, paused } = config;
    await connections.end(name);
    const secrets = readSecrets(home, name) ?? { keys: [] };
    const { doors, outline, open } = await authored.prepare(config, secrets);
    if (!paused)
        await connections.open({ name, open, secret: new Secret(""), settings });
    const [channel] = doors.values();
    const isConnected = outline.reply === "handler";
    return { config, channel, doors, outline, isConnected, reason: undefined };
}
export function toVerifierOptions(config, secrets, { ownSchemes }) {
    const { scheme, header, hmac, settings } = config;
    return {
        scheme,
        own: ownSchemes,
        header,
        hmac,
        url: settings?.["url"],
        credentials: secrets.keys.map(({ id, secret, until }) => ({ keyId: id, secret, until })),
    };
}
/** Senders know it from now on. */
export function toFrozen(ingress, port) {
    return ingress.frozen || port === undefined ? ingress : { ...ingress, port, frozen: true };
}
/** CHANNELS-2. `port`: frozen with it, where none is yet. */
export function writeChannel(home, config, secrets, port) {
    const { keys, listen, named } = secrets;
    if (keys.length > 0 || listen !== undefined || named !== undefined)
        writeSecrets(home, config.name, secrets);
    try {
        changeConfig(home.config, (before) => ({
            ...before,
            ingress: toFrozen(before.ingress, port),
            channels: [...before.channels, config],
        }));
    }
    catch (thrown) {
        removeSecrets(home, config.name);
        throw thrown;
    }
}
/** Takes a channel out of the configuration, with its secrets. True where notices went to it: then they go nowhere. */
export function eraseChannel(home, name) {
    let endsNotices = false;
    changeConfig(home.config, ({ notices, ...before }) => {
        endsNotices = notices?.channel === name;
        return {
            ...before,
            // They would wait for a later channel of that name, which may be another's.
            ...(notices === undefined || endsNotices ? {} : { notices }),
            channels: before.channels.filter((channel) => channel.name !== name),
        };
    });
    removeSecrets(home, name);
    return endsNotices;
}
