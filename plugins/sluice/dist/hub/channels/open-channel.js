import { SluiceError } from "../../sdk/errors.js";
import { Secret } from "../../sdk/secret.js";
import { openVerifier } from "../../verify/verifier.js";
import { changeConfig } from "../settings/config.js";
import { loadDefinition } from "./catalogue.js";
import { checkReach } from "./new-channel.js";
import { readSecrets, removeSecrets, writeSecrets } from "./secrets.js";
const BURST_SECONDS = 10;
/** @throws SluiceError: it stays closed. */
export async function openChannel(config, needs) {
    if (config.code !== undefined)
        return openAuthored(config, needs);
    const { home, connections } = needs;
    const definition = await loadDefinition(config.kind);
    const { receive, open } = definition;
    if (config.twoWay)
        checkReach(config);
    const secrets = readSecrets(home, config.name) ?? { keys: [] };
    if (receive !== undefined && secrets.keys.length === 0 && config.allowUnsigned !== true) {
        const name = config.name;
        throw new SluiceError("bad_secret", `secrets/${name} is missing or holds no key; put it back, or "sluice remove ${name}" and add it again with a new secret`);
    }
    const isConnected = open !== undefined;
    if (isConnected && !config.paused) {
        const secret = secrets.keys[0]?.secret ?? new Secret("");
        await connections.open({ name: config.name, open, secret, settings: config.settings ?? {} });
    }
    else {
        await connections.end(config.name);
    }
    if (receive === undefined)
        return { config, channel: undefined, isConnected, reason: undefined };
    const channel = {
        name: config.name,
        definition: { ...definition, receive },
        options: {
            name: config.name,
            twoWay: config.twoWay,
            ...(config.allowTarget === true && { allowTarget: true }),
            ...(config.ignoreSenders !== undefined && { ignoreSenders: config.ignoreSenders }),
        },
        verifier: config.allowUnsigned === true ? "unsigned" : openVerifier(toVerifierOptions(config, secrets)),
        paused: config.paused,
        ratePerSecond: config.rate,
        burst: Math.max(1, config.rate * BURST_SECONDS),
        ...(secrets.listen === undefined ? {} : { listenToken: secrets.listen }),
    };
    return { config, channel, isConnected, reason: undefined };
}
/** Of the owner's own code. Its process starts meanwhile: until then senders are told to come again. */
async function openAuthored(config, { home, authored, connections }) {
    const { name, settings = {}, paused } = config;
    await connections.end(name);
    const secrets = readSecrets(home, name) ?? { keys: [] };
    const { doors, outline, open } = authored.prepare(config, secrets);
    if (!paused)
        await connections.open({ name, open, secret: new Secret(""), settings });
    const [channel] = doors.values();
    const isConnected = outline.reply === "handler";
    return { config, channel, doors, outline, isConnected, reason: undefined };
}
export function toVerifierOptions(config, secrets) {
    return {
        scheme: config.scheme,
        credentials: secrets.keys.map(({ id, secret }) => ({ keyId: id, secret })),
        ...(config.header === undefined ? {} : { header: config.header }),
    };
}
/** CHANNELS-2. `port`: frozen with it, where none is yet. */
export function writeChannel(home, config, secrets, port) {
    const { keys, listen, named } = secrets;
    if (keys.length > 0 || listen !== undefined || named !== undefined)
        writeSecrets(home, config.name, secrets);
    try {
        changeConfig(home.config, (before) => ({
            ...before,
            ingress: before.ingress.frozen || port === undefined
                ? before.ingress
                : { ...before.ingress, port, frozen: true },
            channels: [...before.channels, config],
        }));
    }
    catch (thrown) {
        removeSecrets(home, config.name);
        throw thrown;
    }
}
