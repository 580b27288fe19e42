/**
 * How a webhook's sender proves who it is, as an author writes it.
 *
 * Owns: these words, as data: `header("X-Sentry-Token", env("SENTRY_TOKEN"))`. Never: a secret's value, or the proof (verify/).
 */
import { SluiceError } from "../errors.js";
/** Names a secret by its environment variable. @throws SluiceError `bad_config`. */
export function env(name) {
    if (typeof name !== "string" || !/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name))
        throw new SluiceError("bad_config", 'env(...) takes the name of an environment variable, such as "SENTRY_TOKEN", never the secret itself');
    return Object.freeze({ env: name });
}
/** The header holds the secret itself. */
export function header(name, ...secrets) {
    return { kind: "scheme", scheme: "token-header", header: name, secrets };
}
/** `Authorization: Bearer <secret>`. */
export function bearer(...secrets) {
    return { kind: "scheme", scheme: "bearer", secrets };
}
/** A signature over the raw bytes: `signed("github", env("GITHUB_SECRET"))`. */
export function signed(scheme, ...secrets) {
    return { kind: "scheme", scheme, secrets };
}
/** No proof. Any program on this machine may send; pages in a browser and other machines may not. */
export function localOnly() {
    return { kind: "local" };
}
