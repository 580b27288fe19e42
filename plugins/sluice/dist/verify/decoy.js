/**
 * The verifier of channels that do not exist.
 *
 * Owns: doing the work of a real one and refusing, so that neither the answer nor its time shows which channels exist.
 * Never: accepts.
 */
import { randomBytes } from "node:crypto";
import { Secret } from "../sdk/secret.js";
import { openVerifier } from "./verifier.js";
/**
 * A verifier that hashes every body with a random key and refuses it with `no_channel`.
 * It begins whatever the headers are; a hub that also reads on with it after a real verifier's `begin` refused
 * gives every refusal the same cost.
 */
export function openDecoy() {
    const secret = new Secret(randomBytes(32).toString("base64url"));
    const verifier = openVerifier({ scheme: "github", credentials: [{ keyId: "decoy", secret }] });
    // Made once: a fresh one for each request would take time that a real channel's refusal does not.
    const forged = `sha256=${randomBytes(32).toString("hex")}`;
    return {
        begin(_headers, now) {
            const begun = verifier.begin({ "x-hub-signature-256": [forged] }, now);
            if (begun.kind === "refused")
                return { kind: "refused", reason: "no_channel" };
            const finish = () => {
                begun.check.finish();
                return { kind: "refused", reason: "no_channel" };
            };
            return { kind: "begun", check: { update: (chunk) => begun.check.update(chunk), finish } };
        },
    };
}
