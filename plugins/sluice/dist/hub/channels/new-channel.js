import { SluiceError } from "../../sdk/errors.js";
import { isSchemeName, REACH_OF } from "../../verify/schemes.js";
import { PROBE_CHANNEL } from "../settings/channel-name.js";
import { SENDER_ID } from "../settings/config.js";
const DEFAULT_RATE = 50;
/** `isLoopback`: only programs on this machine reach ingress. @throws SluiceError `bad_input`, `bad_config`. */
export function toChannelConfig(request, { schemes, canReply, canIgnore }, isLoopback) {
    const { kind, name = kind, scheme = request.header === undefined ? schemes[0] : "token-header", header, twoWay, } = request;
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
    if (request.allowUnsigned && !isLoopback) {
        throw new SluiceError("bad_config", `unsigned events are only possible while ingress listens on loopback`);
    }
    const ignored = request.ignoreSenders;
    if (ignored !== undefined)
        checkIgnore(kind, canIgnore);
    const config = {
        name,
        kind,
        scheme,
        header,
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
    };
    checkReach(config);
    return config;
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
export function checkReach({ scheme, twoWay, allowTarget, allowUnsigned, }) {
    if ((!twoWay && allowTarget !== true) || allowUnsigned === true)
        return;
    // A channel with a connection of its own has none of the table's schemes, and no headers.
    if (!isSchemeName(scheme) || REACH_OF.get(scheme) === "request")
        return;
    const [flag, header] = twoWay
        ? ["--two-way", "X-Sluice-Sender"]
        : ["--allow-target", "X-Sluice-Session"];
    throw new SluiceError("bad_config", `${flag} goes by the header ${header}, which no signature of "${scheme}" covers; take a token: add it with --verify bearer or token-header`);
}
