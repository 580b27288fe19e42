/**
 * The entry in config.json for a channel that is being added.
 *
 * Owns: which settings are refused, and the defaults of the others. Pure. Never: writes, or looks at a secret.
 */
import { findTemplateFault } from "../../catalogue/own-template.js";
import { SluiceError } from "../../sdk/errors.js";
import { findScheme } from "../../verify/find-scheme.js";
import { FREE_HMAC } from "../../verify/free-hmac.js";
import { isSchemeName, REACH_OF, toReach } from "../../verify/schemes.js";
import { checkTranscribe } from "../transcribe/check.js";
import { PROBE_CHANNEL } from "../settings/channel-name.js";
import { SENDER_ID } from "../settings/config.js";
const DEFAULT_RATE = 50;
/** `isLoopback`: only programs on this machine reach ingress. @throws SluiceError `bad_input`, `bad_config`. */
export function toChannelConfig(request, definition, ingress) {
    const { schemes, ownSchemes, canReply, canIgnore } = definition;
    const { kind, name = kind, header, hmac, twoWay } = request;
    const scheme = request.scheme ?? toDefaultScheme(request, definition);
    if (scheme === undefined || !schemes.includes(scheme)) {
        throw new SluiceError("bad_input", `${kind} cannot be verified by "${scheme}"; choose one of: ${schemes.join(", ")}`);
    }
    if (name === PROBE_CHANNEL)
        throw new SluiceError("bad_input", `"${name}" is the name of Sluice's own probe; choose another`);
    if (twoWay && !canReply)
        throw new SluiceError("bad_input", `${kind} brings events in only; --two-way is for webhook`);
    if (request.listener !== undefined && !twoWay)
        throw new SluiceError("bad_input", "--listener goes with --two-way: the stream is its");
    if (request.listener !== undefined && !SENDER_ID.test(request.listener))
        throw new SluiceError("bad_input", `--listener names a sender: 1 to 128 of A-Z a-z 0-9 . _ @ : + -, not "${request.listener}"`);
    if (request.allowUnsigned && !ingress.isLoopback) {
        throw new SluiceError("bad_config", `unsigned events are only possible while ingress listens on loopback`);
    }
    if ((hmac !== undefined) !== (scheme === FREE_HMAC))
        throw new SluiceError("bad_input", `--hmac goes with the scheme "${FREE_HMAC}" and no other`);
    const ignored = request.ignoreSenders;
    if (ignored !== undefined)
        checkIgnore(kind, canIgnore);
    const config = {
        name,
        kind,
        scheme,
        header,
        hmac,
        twoWay,
        listener: request.listener,
        paused: false,
        rate: request.rate ?? DEFAULT_RATE,
        ...(request.allowUnsigned ? { allowUnsigned: true } : {}),
        ...(request.allowTarget ? { allowTarget: true } : {}),
        ...(ignored === undefined ? {} : { ignoreSenders: ignored }),
        ttlMs: request.ttlMs,
        quota: request.quota,
        settings: request.settings,
        ...(request.template === undefined ? {} : { template: request.template }),
        ...(request.transcribe === undefined ? {} : { transcribe: request.transcribe }),
    };
    checkTemplate(config);
    const isChat = definition.open !== undefined && canReply;
    checkTranscribe({ kind, isChat }, config.transcribe, request.secrets);
    checkReach(config, ownSchemes);
    return withUrl(config, definition, ingress.publicUrl ?? ingress.url);
}
/** Where its senders sign the URL that they call, and the owner names none, it is the channel's own: right until a tunnel is in front. */
function withUrl(config, { ownSchemes, receive }, ingress) {
    const { name, settings } = config;
    if (receive === undefined || settings?.["url"] !== undefined)
        return config;
    const { signed } = findScheme({ ...config, own: ownSchemes });
    if (!signed.includes("{url}"))
        return config;
    return { ...config, settings: { ...settings, url: `${ingress}/in/${name}` } };
}
/** A header without more holds a token; where the kind's own scheme leaves its header open, it is that. */
function toDefaultScheme({ header, hmac }, { schemes: [first], ownSchemes = {} }) {
    if (hmac !== undefined)
        return FREE_HMAC;
    const proof = ownSchemes[first]?.proof;
    const isOpen = proof !== undefined && "header" in proof && proof.configurable === true;
    return header === undefined || isOpen ? first : "token-header";
}
/** @throws SluiceError `bad_input` for a template that could not be filled, or one that nothing would use. */
export function checkTemplate({ kind, twoWay, template, }) {
    if (template === undefined)
        return;
    if (kind !== "webhook" || twoWay)
        throw new SluiceError("bad_input", `--text, --meta, --entity, --severity and --id are for a webhook that brings events in only; ${twoWay ? "what people write on this one is told as it comes" : `Sluice knows what ${kind} sends`}`);
    const fault = findTemplateFault(template);
    if (fault !== undefined)
        throw new SluiceError("bad_input", fault);
}
/** @throws SluiceError `bad_input` for a kind that knows no accounts. */
export function checkIgnore(kind, canIgnore) {
    if (canIgnore === true)
        return;
    throw new SluiceError("bad_input", `${kind} cannot tell accounts apart; ignoring a sender is for github`);
}
/**
 * Who speaks, and which session hears it, stands in headers. No signature covers one, so whoever has a signed request could send it
 * again as somebody else's. @throws SluiceError `bad_config`.
 */
export function checkReach({ scheme, twoWay, allowTarget, allowUnsigned, }, ownSchemes = {}) {
    if ((!twoWay && allowTarget !== true) || allowUnsigned === true)
        return;
    const own = Object.hasOwn(ownSchemes, scheme) ? ownSchemes[scheme] : undefined;
    const reach = own === undefined ? REACH_OF.get(scheme) : toReach(own);
    // A channel with a connection of its own has none of these schemes, and no headers.
    const isKnown = own !== undefined || scheme === FREE_HMAC || isSchemeName(scheme);
    if (!isKnown || reach === "request")
        return;
    const [flag, header] = twoWay
        ? ["--two-way", "X-Sluice-Sender"]
        : ["--allow-target", "X-Sluice-Session"];
    throw new SluiceError("bad_config", `${flag} goes by the header ${header}, which no signature of "${scheme}" covers; take a token: add it with --verify bearer or token-header`);
}
/** Logins are the same in small and capital letters. */
export function toIgnored(before, { add, remove }) {
    const isIn = (list, login) => list.some((one) => one.toLowerCase() === login.toLowerCase());
    const kept = before.filter((login) => !isIn(remove, login));
    const fresh = add.filter((login, index) => !isIn(kept, login) && !isIn(add.slice(0, index), login));
    return [...kept, ...fresh];
}
