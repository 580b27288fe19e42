var __rewriteRelativeImportExtension = (this && this.__rewriteRelativeImportExtension) || function (path, preserveJsx) {
    if (typeof path === "string" && /^\.\.?\//.test(path)) {
        return path.replace(/\.(tsx)$|((?:\.d)?)((?:\.[^./]+?)?)\.([cm]?)ts$/i, function (m, tsx, d, ext, cm) {
            return tsx ? preserveJsx ? ".jsx" : ".js" : d && (!ext || !cm) ? m : (d + ext + "." + cm.toLowerCase() + "js");
        });
    }
    return path;
};
/**
 * Loads a channel's file from any folder, on every Node that Sluice runs on.
 *
 * Owns: what `sluice` and `zod` mean in it, stripping types, and one line for a file that cannot be used. Never: runs the channel.
 *
 * LOAD-1 In the author's own files `sluice` and `zod` are those of the running installation, wherever the file lies. Packages of the
 *    author's keep their own.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import module from "node:module";
import { join, resolve as toAbsolute } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { readErrorCode, SluiceError, toMessage } from "../sdk/errors.js";
import { isAuthorChannel } from "../sdk/author/define.js";
import { toObject } from "../sdk/json.js";
import { findEntry } from "./package-entry.js";
import { BUNDLES, findBundle } from "./own-packages.js";
import { markHosted } from "./serve.js";
const OURS = /^(?:sluice|zod)(?:\/|$)/;
const TYPED = /\.m?ts$/;
/** What a folder with a channel may call its file, where its package.json names none that is there. */
const ENTRIES = ["channel.ts", "index.ts", "channel.js", "index.js", "channel.mjs", "index.mjs"];
let isReady = false;
/** A file, or a folder with one. @throws SluiceError `bad_config`: one line with the place and the fix. */
export async function loadChannel(path) {
    const file = findFile(toAbsolute(path));
    markHosted();
    prepareLoader();
    const loaded = await importFile(file);
    const found = loaded["default"];
    if (isAuthorChannel(found))
        return found;
    const named = Object.entries(loaded).find(([, value]) => isAuthorChannel(value))?.[0];
    throw bad(file, named === undefined
        ? found === undefined
            ? "has no default export; write: export default defineChannel({ ... })"
            : "exports no channel by default; write: export default defineChannel({ ... })"
        : `exports its channel as ${named}; write: export default ${named}`);
}
/** The file of a path that a user gave. @throws SluiceError `bad_config`. */
export function findFile(path) {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined)
        throw bad(path, "does not exist; give the path of a channel's file");
    if (!stats.isDirectory())
        return path;
    const manifest = readManifest(path);
    const isNamed = manifest?.["exports"] !== undefined || typeof manifest?.["main"] === "string";
    const entry = isNamed ? findEntry(path, manifest) : undefined;
    const found = entry ?? ENTRIES.map((name) => join(path, name)).find(existsSync);
    if (found !== undefined)
        return found;
    throw bad(path, `holds no channel; it needs a package.json whose exports or main name a file in it, or one of ${ENTRIES.join(", ")}`);
}
function readManifest(folder) {
    const path = join(folder, "package.json");
    if (!existsSync(path))
        return undefined;
    try {
        return toObject(JSON.parse(readFileSync(path, "utf8")));
    }
    catch (thrown) {
        throw bad(path, `is no JSON (${toMessage(thrown)})`);
    }
}
async function importFile(file) {
    try {
        return (await import(__rewriteRelativeImportExtension(pathToFileURL(file).href)));
    }
    catch (thrown) {
        // A definition says by itself what is wrong with it.
        if (thrown instanceof SluiceError)
            throw bad(file, thrown.message);
        throw bad(file, toReason(thrown, file));
    }
}
function toReason(thrown, file) {
    const message = toMessage(thrown)
        .split("\n")
        .slice(0, 3)
        .join(" ")
        .replaceAll(/\s+/g, " ")
        .slice(0, 400);
    const place = toPlace(thrown, file);
    const code = readErrorCode(thrown);
    if (code === "ERR_MODULE_NOT_FOUND")
        return `imports what is not there: ${message}; install it beside the file`;
    if (thrown instanceof SyntaxError)
        return `cannot be read${place}: ${message}`;
    return `failed while it was loaded${place}: ${message}`;
}
/** The first place of the stack that lies in the author's file. */
function toPlace(thrown, file) {
    const stack = thrown instanceof Error ? (thrown.stack ?? "") : "";
    for (const name of [pathToFileURL(file).href, file]) {
        const at = stack.indexOf(`${name}:`);
        const [, line] = /^(\d+)/.exec(stack.slice(at + name.length + 1)) ?? [];
        if (at !== -1 && line !== undefined)
            return ` at line ${line}`;
    }
    return "";
}
/** LOAD-1. Bun and Deno strip types by themselves, and find packages by their own rules. */
export function prepareLoader() {
    if (isReady || process.versions["bun"] !== undefined || process.versions["deno"] !== undefined)
        return;
    isReady = true;
    if (typeof module.registerHooks !== "function")
        return installOlderHooks();
    module.registerHooks({
        resolve(specifier, context, next) {
            if (OURS.test(specifier) && isAuthors(context.parentURL))
                return resolveOurs(specifier, context, next);
            try {
                return next(specifier, context);
            }
            catch (thrown) {
                // A package that brings none of its own.
                if (OURS.test(specifier))
                    return resolveOurs(specifier, context, next);
                const typed = toTyped(specifier, context.parentURL);
                if (typed === undefined)
                    throw thrown;
                return next(typed, context);
            }
        },
        load(url, context, next) {
            if (!isTypedFile(url))
                return next(url, context);
            return { format: "module", shortCircuit: true, source: strip(url) };
        },
    });
}
/** From where `sluice` is the package's own name, and `zod` its own dependency. */
const HERE = import.meta.url;
const resolveOurs = (specifier, context, next) => {
    const url = findBundle(specifier);
    if (url !== undefined)
        return { url, format: "module", shortCircuit: true };
    return next(specifier, { ...context, parentURL: HERE });
};
function isAuthors(parent) {
    return parent === undefined || !parent.includes("/node_modules/");
}
/** `./other.js` or `./other`, as TypeScript lets people write it, where only `./other.ts` is there. */
function toTyped(specifier, parent) {
    if (!/^\.{1,2}\//.test(specifier) || parent?.startsWith("file:") !== true)
        return undefined;
    const name = specifier.replace(/\.(m?)js$/, "");
    const found = [`${name}.ts`, `${name}.mts`, `${name}/index.ts`].find((one) => existsSync(fileURLToPath(new URL(one, parent))));
    return found;
}
function isTypedFile(url) {
    return url.startsWith("file:") && TYPED.test(new URL(url).pathname);
}
/** Stripped, every line stays where it was, so that places in errors are true; only an enum or a namespace needs more. */
function strip(url) {
    const source = readFileSync(fileURLToPath(url), "utf8");
    return withoutWarning(() => {
        try {
            return module.stripTypeScriptTypes(source, { mode: "strip", sourceUrl: url });
        }
        catch (thrown) {
            // Versions tell what they cannot strip from what is wrong by different codes: what is wrong fails again.
            try {
                return module.stripTypeScriptTypes(source, { mode: "transform", sourceUrl: url });
            }
            catch {
                throw thrown;
            }
        }
    });
}
/** Some versions warn of it in each process; it is used here as it is documented. */
function withoutWarning(work) {
    const { emitWarning } = process;
    process.emitWarning = () => undefined;
    try {
        return work();
    }
    finally {
        process.emitWarning = emitWarning;
    }
}
/** Node 22.13 and 22.14 know hooks in a thread of their own only, as a module of its own: the same, in short. */
const OLDER_HOOKS = `
import { existsSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";
process.emitWarning = () => undefined;
let here, bundles;
export function initialize(data) { ({ here, bundles } = data); }
function resolveOurs(specifier, context, next) {
  const bundle = new URL(specifier.replaceAll("/", "-") + ".js", bundles);
  if (/^zod(?:\\/[\\w/-]+)?$/.test(specifier) && existsSync(bundle)) return { url: bundle.href, format: "module", shortCircuit: true };
  return next(specifier, { ...context, parentURL: here });
}
export async function resolve(specifier, context, next) {
  const parent = context.parentURL;
  const isOurs = /^(?:sluice|zod)(?:\\/|$)/.test(specifier);
  if (isOurs && !parent?.includes("/node_modules/")) return resolveOurs(specifier, context, next);
  try { return await next(specifier, context); } catch (thrown) {
    if (isOurs) return resolveOurs(specifier, context, next);
    if (!/^\\.{1,2}\\//.test(specifier) || !parent?.startsWith("file:")) throw thrown;
    const name = specifier.replace(/\\.(m?)js$/, "");
    const found = [name + ".ts", name + ".mts", name + "/index.ts"].find((one) => existsSync(fileURLToPath(new URL(one, parent))));
    if (found === undefined) throw thrown;
    return next(found, context);
  }
}
export async function load(url, context, next) {
  if (!url.startsWith("file:") || !/\\.m?ts$/.test(new URL(url).pathname)) return next(url, context);
  const source = readFileSync(fileURLToPath(url), "utf8");
  try { return { format: "module", shortCircuit: true, source: stripTypeScriptTypes(source) }; } catch (thrown) {
    try { return { format: "module", shortCircuit: true, source: stripTypeScriptTypes(source, { mode: "transform" }) }; } catch { throw thrown; }
  }
}`;
function installOlderHooks() {
    const url = `data:text/javascript,${encodeURIComponent(OLDER_HOOKS)}`;
    // Deprecated on newer versions, which have registerHooks.
    module.register(url, import.meta.url, { data: { here: HERE, bundles: BUNDLES } });
}
function bad(place, what) {
    return new SluiceError("bad_config", `${place} ${what}`);
}
