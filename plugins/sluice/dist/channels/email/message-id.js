/**
 * The Message-IDs of what we send: each carries a proof that it is ours.
 *
 * Owns: making and knowing them. Never: keeps a list.
 *
 * MAILID-1 Nobody without the channel's password can make an id that passes for ours: a failure report that names one is about a mail that
 *    we sent, and a mail that bears one is our own, come back.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
const OURS = /^sluice\.([0-9a-z]{20})\.([0-9a-f]{24})@/;
export class OwnMessageIds {
    #key;
    #domain;
    constructor(password, domain) {
        this.#key = createHmac("sha256", password).update("sluice: ids of mails").digest();
        this.#domain = domain;
    }
    /** Without brackets. */
    make() {
        const id = BigInt(`0x${randomBytes(12).toString("hex")}`)
            .toString(36)
            .padStart(20, "0")
            .slice(-20);
        return `sluice.${id}.${this.#mac(id)}@${this.#domain}`;
    }
    isOurs(id) {
        const [, random = "", mac = ""] = OURS.exec(id) ?? [];
        return random !== "" && timingSafeEqual(Buffer.from(mac), Buffer.from(this.#mac(random)));
    }
    #mac(id) {
        return createHmac("sha256", this.#key).update(id).digest("hex").slice(0, 24);
    }
}
