import { SCHEMES, isSchemeName } from "../../verify/schemes.js";
import { toHeaderTitle } from "../channels/sender-words.js";
import { isInARow } from "./refusals.js";
/** Proved, and left out on purpose or known already. */
const TAKEN = new Set(["ignored", "same_body"]);
const SEE_ANSWER = "look at the answers in the sender's own log: each says what is wrong";
function toGiveToken(name) {
    return `give the sender the token that "sluice add" printed, or another one, which "sluice rotate ${name}" prints`;
}
/** By the code of a refusal. A code that is not here says nothing of the channel: too fast, too many, while paused. */
const WORDS = {
    missing_header: describeMissing,
    doubled_header: (input) => ({
        what: `${toFault(input)} comes twice`,
        fix: "let the sender, or the proxy in front, set it once",
    }),
    malformed_header: describeForm,
    unknown_version: describeForm,
    bad_token: ({ name, proof, sender }) => ({
        what: `requests come with a wrong token in ${proof}`,
        fix: sender === undefined ? toGiveToken(name) : toAskForSecret(name, sender),
    }),
    bad_signature: describeSignature,
    stale: () => describeClock("behind"),
    future: () => describeClock("ahead of"),
    not_local: ({ name }) => ({
        what: "requests come from a browser, through a proxy or from another machine",
        fix: `give that sender a channel with a token, sluice add webhook --name ${name.slice(0, 30)}-2, and its URL: without a token only programs on this machine get in`,
    }),
    content_encoding: () => ({
        what: "requests come compressed",
        fix: "let the sender send them uncompressed",
    }),
    too_large: () => ({ what: "requests are too large", fix: "let the sender send less in each" }),
    unsupported: () => ({
        what: "requests are of a content type that is not taken",
        fix: "choose application/json in the sender's settings",
    }),
    bad_input: () => ({ what: "requests are proved, but cannot be read", fix: SEE_ANSWER }),
    header_mismatch: () => ({
        what: "requests have headers that do not fit their signed body",
        fix: SEE_ANSWER,
    }),
    unsigned_header: () => ({
        what: "requests have a header that the signature does not cover",
        fix: SEE_ANSWER,
    }),
};
/** Undefined for a channel that takes what it is sent, as far as is known. */
export function toRefusing(input) {
    const { counters, lastEventAt, latest } = input;
    const taken = counters.filter(({ reason }) => TAKEN.has(reason)).map(({ lastAt }) => lastAt);
    const acceptedAt = Math.max(lastEventAt ?? 0, ...taken);
    const [last] = counters
        .filter(({ reason, lastAt }) => WORDS[reason] !== undefined && lastAt > acceptedAt)
        .toSorted((a, b) => b.lastAt - a.lastAt);
    if (last === undefined)
        return undefined;
    if (acceptedAt === 0)
        return describeRefusal(input, last.reason);
    const isRow = latest !== undefined && isInARow(latest, acceptedAt);
    return isRow ? describeRefusal(input, latest.reason) : undefined;
}
/** What is wrong with requests that a channel refused for this reason. */
export function describeRefusal({ name, kind, scheme, header, latest, sender }, reason) {
    const proof = sender?.place ?? toProofHeader(scheme, header) ?? "a proof";
    // The latest request tells more, where it was refused for the same reason.
    const more = latest?.reason === reason ? latest : undefined;
    return WORDS[reason]?.({ name, kind, scheme, header, latest: more, proof, sender });
}
/** The header of a scheme's proof, as people write it. */
export function toProofHeader(scheme, header) {
    if (!isSchemeName(scheme))
        return undefined;
    const { proof } = SCHEMES[scheme];
    if ("path" in proof)
        return "the secret in the URL";
    return "query" in proof
        ? `?${header ?? proof.query}= in the URL`
        : toHeaderTitle(header ?? proof.header);
}
function describeMissing(input) {
    const { name, kind, scheme, latest, proof } = input;
    const others = (latest?.others ?? []).filter((other) => toHeaderTitle(other) !== proof);
    const instead = others.length === 0 ? "" : `, but with ${others.map(toHeaderTitle).join(" and ")}`;
    const what = `requests come without ${toFault(input)}${instead}`;
    if (input.sender !== undefined && flagsOf(others) === undefined)
        return { what, fix: toSenderDemand(input.sender) };
    if (kind === "github" && others.includes("x-gitlab-token")) {
        const again = toCommand(name, "--header X-Gitlab-Token");
        return {
            what,
            fix: `they are GitLab's: ${again} makes a channel for them, then give GitLab its URL`,
        };
    }
    if (kind === "github") {
        const fix = "set the secret in GitHub's webhook settings (Settings > Webhooks > Edit): without one GitHub signs nothing";
        return { what, fix };
    }
    const flags = flagsOf(others);
    const again = flags === undefined
        ? ""
        : `, or give it a channel for what it sends, ${toCommand(name, flags)}, and its URL`;
    return { what, fix: `${toDemand(scheme, proof)}${again}` };
}
function flagsOf(others) {
    return others.flatMap((other) => toFlags(other) ?? [])[0];
}
/** Of a sender that proves nothing at all: it does so once it has a secret, or it is somebody else. */
function toSenderDemand({ title, secret }) {
    return secret === undefined
        ? `set the secret that "sluice add" printed in ${title}'s settings of this webhook, or look who else sends here`
        : `let ${title} itself send here, from the place whose secret the channel has: its ${secret}`;
}
/** The most common fault: another secret of the same sender was pasted. */
function toAskForSecret(name, { title, secret }) {
    const question = secret === undefined
        ? `is the secret in ${title}'s settings the one that "sluice add" printed?`
        : `is the channel's secret the ${secret}?`;
    return `${question} "sluice rotate ${name}${secret === undefined ? "" : " --secret-stdin"}" gives it another one`;
}
function describeForm(input) {
    const { scheme, proof, sender } = input;
    if (sender !== undefined)
        return {
            what: `requests come with another form of ${toFault(input)}`,
            fix: toSenderDemand(sender),
        };
    return {
        what: `requests come with another form of ${toFault(input)}`,
        fix: toDemand(scheme, proof),
    };
}
/** A body that arrives as JSON may have been parsed and written anew on its way: then the secret is right. */
function describeSignature({ name, kind, latest, proof, sender }) {
    const where = kind === "github" ? "GitHub's webhook settings" : "the sender's settings";
    const relay = latest?.isJson === true
        ? `, and where a relay or proxy stands between, let it pass the body on byte for byte: one that reads the JSON and writes it anew breaks the signature`
        : "";
    return {
        what: `requests come with ${proof}, but the signature does not fit the body`,
        fix: sender === undefined
            ? `set the channel's secret in ${where}${relay}`
            : `${toAskForSecret(name, sender)}${relay}`,
    };
}
function describeClock(side) {
    return {
        what: `requests are signed too far ${side} this clock`,
        fix: "set the clocks of this machine and of the sender, and let it sign each attempt anew",
    };
}
/** What a sender has to do. */
function toDemand(scheme, proof) {
    const demands = {
        bearer: 'let the sender send "Authorization: Bearer <token>"',
        "token-header": `let the sender send the token alone in ${proof}`,
        standard: "let the sender sign by Standard Webhooks (Webhook-Id, Webhook-Timestamp, Webhook-Signature)",
        "standard-v1a": "let the sender sign by Standard Webhooks v1a (Webhook-Id, Webhook-Timestamp, Webhook-Signature)",
        basic: "let the sender send the user and password of the channel by HTTP Basic",
        query: 'let the sender call the whole URL that "sluice add" printed, with what stands behind the ?',
        path: 'let the sender call the whole URL that "sluice add" printed, to its end',
        github: `set the secret in the sender's settings, so that it signs with ${proof}`,
    };
    return isSchemeName(scheme) ? demands[scheme] : SEE_ANSWER;
}
/** How a channel is added for senders that prove themselves by this header; undefined for a signature that is not known here. */
function toFlags(header) {
    const schemes = ["bearer", "standard", "github"];
    const scheme = schemes.find((name) => SCHEMES[name].proof.header === header);
    if (scheme !== undefined)
        return `--verify ${scheme}`;
    return /-(?:token|secret|key)$/.test(header) ? `--header ${toHeaderTitle(header)}` : undefined;
}
function toCommand(name, flags) {
    return `sluice add webhook --name ${name.slice(0, 30)}-2 ${flags}`;
}
/** The header at fault: of a scheme with several, perhaps not the one of the proof. */
function toFault({ latest, proof }) {
    return latest?.header === undefined ? proof : toHeaderTitle(latest.header);
}
