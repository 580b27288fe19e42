/**
 * The private folder of a channel that runs alone: its inbox and the tokens that Sluice makes.
 *
 * Owns: its place and its files. Never: shows a token's value.
 */
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readErrorCode, SluiceError } from "../../sdk/errors.js";
import { Secret } from "../../sdk/secret.js";
import { locateHome } from "../../local/home.js";
import { ensureInnerFolder } from "../../local/safe-folder.js";
/** Makes it where it is missing. @throws SluiceError `unsafe_home` or `store_readonly`. */
export function openAloneFolder(env, name) {
    const parent = join(locateHome(env).path, "alone");
    const path = join(parent, name);
    ensureInnerFolder(parent);
    ensureInnerFolder(path);
    return {
        path,
        inbox: join(path, "inbox.db"),
        token: join(path, "token"),
        listenToken: join(path, "listen-token"),
    };
}
/** The token of a file, made with the first look. */
export function readToken(path) {
    try {
        const made = randomBytes(32).toString("base64url");
        writeFileSync(path, `${made}\n`, { flag: "wx", mode: 0o600 });
        return new Secret(made);
    }
    catch (thrown) {
        if (readErrorCode(thrown) !== "EEXIST")
            throw thrown;
    }
    const text = readFileSync(path, "utf8").trim();
    if (text.length < 16)
        throw new SluiceError("bad_secret", `${path} holds no token; remove the file, and a new one is made`);
    return new Secret(text);
}
