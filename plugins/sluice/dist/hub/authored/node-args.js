/**
 * How the process of an author's channel is started: with how little it gets.
 *
 * Owns: its arguments and its environment. Never: starts it; puts a secret into either.
 *
 * SANDBOX-1 The process reads its own kept code and this installation, writes nothing, and starts no process, no thread and no addon. On a
 *    Node without a permission model it is not started.
 * SANDBOX-2 Its environment holds the way to the network, the language and the time zone: nothing else of the hub's.
 */
import { existsSync, realpathSync } from "node:fs";
import module, { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { findBundle } from "../../author/own-packages.js";
import { SluiceError } from "../../sdk/errors.js";
export const HEAP_MIB = 256;
const PASSED = /^(?:LANG|LC_[A-Z]+|TZ|NO_COLOR|(?:HTTPS?|ALL|NO)_PROXY|(?:https?|all|no)_proxy|NODE_USE_ENV_PROXY|NODE_USE_SYSTEM_CA|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|SSL_CERT_DIR)$/;
/** SANDBOX-2. */
export function toChildEnvironment(env) {
    const entries = Object.entries(env).filter(([name]) => PASSED.test(name));
    return Object.fromEntries(entries.map(([name, value]) => [name, value ?? ""]));
}
/** `reads`: folders and files that it may read besides this installation. */
export function toNodeArgs(reads, network, knows = (flag) => process.allowedNodeEnvironmentFlags.has(flag)) {
    return [
        ...toPermissions(reads, network, knows),
        `--max-old-space-size=${HEAP_MIB}`,
        "--no-addons",
        // It opens any file, past the permission model.
        "--no-experimental-sqlite",
        "--disable-warning=ExperimentalWarning",
        "--disable-warning=SecurityWarning",
        locateChild(),
    ];
}
/** SANDBOX-1. */
function toPermissions(reads, network, knows) {
    const model = ["--permission", "--experimental-permission"].find(knows);
    if (model === undefined)
        throw new SluiceError("unsupported", `this Node (${process.version}) has no permission model; channels of your own run in the hub with Node 22.13 or later`);
    const folders = [...reads, ...listInstallation()];
    return [
        model,
        ...[...new Set(folders)].map((path) => `--allow-fs-read=${path}`),
        // Node 25 and later close the network as well.
        ...(network && knows("--allow-net") ? ["--allow-net"] : []),
        // Before 22.15 our own loader needs a thread; the channel's code gets none (author/child/fence.ts).
        ...(typeof module.registerHooks === "function" ? [] : ["--allow-worker"]),
    ];
}
/** Built, or in a checkout. @throws SluiceError `unsupported`. */
function locateChild() {
    const built = fileURLToPath(new URL("../../author/child/main.js", import.meta.url));
    const found = [built, built.replace(/\.js$/, ".ts")].find(existsSync);
    if (found !== undefined)
        return found;
    throw new SluiceError("unsupported", `this installation of Sluice has no ${built}; install it again`);
}
function locatePackages() {
    const ours = createRequire(import.meta.url).resolve("zod");
    const at = ours.lastIndexOf(`${sep}node_modules${sep}`);
    return at === -1 ? dirname(ours) : ours.slice(0, at + `${sep}node_modules`.length);
}
/** This package, and the folder of packages that it stands in or has: npm may have put ours beside it. */
function listInstallation() {
    const child = locateChild();
    const root = dirname(dirname(dirname(dirname(child))));
    const packages = findBundle("zod") === undefined ? [locatePackages()] : [];
    return [root, ...packages, join(root, "node_modules")].flatMap((path) => existsSync(path) ? [path, realpathSync(path)] : []);
}
