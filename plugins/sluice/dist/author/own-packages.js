/**
 * What `zod` is to an author's file: that of this installation. In the client's plugin, which has no folder of packages, it is a bundle.
 *
 * Owns: where those bundles lie. Never: loads one (load.ts).
 */
import { existsSync } from "node:fs";
/** Made by plugins/build.ts; an installation by npm has none. */
export const BUNDLES = new URL("vendor/", new URL("..", import.meta.url)).href;
/** The URL of the bundle of `zod`, `zod/mini`, ...; undefined where packages are found as usual. */
export function findBundle(specifier) {
    if (!/^zod(?:\/[\w/-]+)?$/.test(specifier))
        return undefined;
    const url = new URL(`${specifier.replaceAll("/", "-")}.js`, BUNDLES);
    return existsSync(url) ? url.href : undefined;
}
