/**
 * Whether the public address leads to this hub: a request of its own goes out and comes back in by the ingress port.
 *
 * Owns: the nonces of requests that are under way, and their answers. Never: says anything to who knows no nonce.
 *
 * OUTSIDE-1 Only a nonce that the hub itself has just sent is answered, with a word that stood nowhere in the request: who answers it is
 *    this hub, and not a page that echoes. Everybody else finds nothing there.
 */
import { randomBytes } from "node:crypto";
import { request } from "../../sdk/net/request.js";
import { toMessage } from "../../sdk/errors.js";
const WAIT_MS = 10_000;
const MAX_BYTES = 64 * 1024;
export class OutsideCheck {
    #expected = new Map();
    #options;
    /** `ca`: for tests. */
    constructor(options = {}) {
        this.#options = options;
    }
    /** For ingress: what is answered at `GET /health/<nonce>`. OUTSIDE-1. */
    answer = (nonce) => this.#expected.get(nonce);
    async run(url, signal) {
        const [nonce, word] = [newWord(), newWord()];
        this.#expected.set(nonce, word);
        try {
            const { status, body } = await request(`${url}/health/${nonce}`, {
                ...this.#options,
                // ngrok's page of warning stands in front of what looks like a browser.
                headers: { "User-Agent": "sluice", "Ngrok-Skip-Browser-Warning": "1" },
                connectMs: WAIT_MS,
                timeoutMs: WAIT_MS,
                maxBytes: MAX_BYTES,
                takesRedirect: true,
                ...(signal === undefined ? {} : { signal }),
            });
            if (status === 200 && body.toString("utf8") === word)
                return { kind: "us" };
            return { kind: "other", reason: `${url} answers with ${status}, and it is not this Sluice` };
        }
        catch (thrown) {
            return { kind: "nothing", reason: `${url} is not reached: ${toMessage(thrown)}` };
        }
        finally {
            this.#expected.delete(nonce);
        }
    }
}
function newWord() {
    return randomBytes(24).toString("base64url");
}
