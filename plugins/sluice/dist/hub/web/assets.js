/**
 * The built page: a few files, read once and served from memory.
 *
 * Owns: which files there are and their types. Never: a path from a request on the file system.
 */
import { readdirSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
const TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
};
/** By path as it is asked for; empty where the page was not built. */
export function readAssets() {
    // From dist/hub/web and from src/hub/web alike, the built page stands in dist/web.
    const folder = fileURLToPath(new URL("../../../dist/web/", import.meta.url));
    const assets = new Map();
    let names;
    try {
        names = readdirSync(folder);
    }
    catch {
        // A checkout that was not built: the listener says so instead of a page.
        return assets;
    }
    for (const name of names) {
        const type = TYPES[extname(name)];
        if (type === undefined)
            continue;
        const path = name === "index.html" ? "/" : `/${name}`;
        assets.set(path, { type, bytes: new Uint8Array(readFileSync(`${folder}${name}`)) });
    }
    return assets;
}
