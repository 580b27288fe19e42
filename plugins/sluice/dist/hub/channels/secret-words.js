import { isWeakSecret, toVerifyToken } from "../../verify/key.js";
import { toNextStep } from "./next-step.js";
/** What stands behind a channel's URL to prove a request; empty where something else does. */
export function toUrlSecret({ proof }, secret) {
    if ("header" in proof || secret === undefined)
        return "";
    const text = encodeURIComponent(secret.reveal());
    return "query" in proof ? `?${encodeURIComponent(proof.query)}=${text}` : `/${text}`;
}
/** For the owner, once, when the channel is added. */
export function toWarning(row, secret) {
    if (!("header" in row.proof))
        return "the secret stands in the URL: whoever sees the URL, in the sender's settings or in a proxy's log, can send; choose a header or a signature where the sender has one";
    if (isWeakSecret(row, { keyId: "new", secret }))
        return "the secret is shorter than 16 bytes: from one captured request it can be guessed; choose a longer one in the sender's settings";
    return undefined;
}
export function toAdded({ config, definition, row, made, checked, base, publicBase, }) {
    const secret = made.secrets.keys[0]?.secret;
    const urlSecret = row === undefined ? undefined : toUrlSecret(row, secret);
    const url = urlSecret === undefined ? undefined : base + urlSecret;
    const publicUrl = urlSecret === undefined || publicBase === undefined ? undefined : publicBase + urlSecret;
    const token = definition.preflight === undefined || secret === undefined
        ? made.generated?.reveal()
        : toVerifyToken(secret).reveal();
    const warning = row && secret && toWarning(row, secret);
    const listenToken = made.secrets.listen?.reveal();
    const { account, nextStep } = checked;
    const steps = nextStep === undefined ? definition.nextStep : `${nextStep}\n${definition.nextStep}`;
    return {
        name: config.name,
        kind: config.kind,
        scheme: config.scheme,
        ...(account === undefined ? {} : { account }),
        ...(url === undefined ? {} : { url }),
        ...(publicUrl === undefined ? {} : { publicUrl }),
        ...(token === undefined ? {} : { token }),
        ...(listenToken === undefined ? {} : { listenToken }),
        ...(warning === undefined ? {} : { warning }),
        nextStep: toNextStep(config, steps, url, publicUrl),
    };
}
