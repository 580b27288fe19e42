/**
 * Which files are loaded: what the digest of a channel's code covers.
 *
 * Owns: listening to the loader, on every Node. Never: changes what is loaded (load.ts).
 */
import module from "node:module";
import { dirname, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { MessageChannel } from "node:worker_threads";
import { findBundle } from "../own-packages.js";
/** For Node 22.13 and 22.14, whose hooks run in a thread. */
const OLDER = `
let port;
export function initialize(data) { port = data.port; }
export async function resolve(specifier, context, next) {
  const found = await next(specifier, context);
  port.postMessage(found.url);
  return found;
}`;
/** From now on; files of this installation are its own affair. */
export function recordFiles(loaded) {
    const own = listOwn();
    const note = (url) => {
        if (!url.startsWith("file:"))
            return;
        const path = fileURLToPath(url);
        if (!own.some((folder) => path.startsWith(folder)))
            loaded(path);
    };
    if (typeof module.registerHooks === "function") {
        module.registerHooks({
            // Not when it is read: whoever strips its types reads it by themselves.
            resolve(specifier, context, next) {
                const found = next(specifier, context);
                note(found.url);
                return found;
            },
        });
        return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.on("message", (url) => note(String(url))).unref();
    const url = `data:text/javascript,${encodeURIComponent(OLDER)}`;
    module.register(url, { data: { port: port2 }, transferList: [port2] });
}
/** Our code, and the packages that it uses. */
function listOwn() {
    const code = fileURLToPath(new URL("../..", import.meta.url));
    if (findBundle("zod") !== undefined)
        return [code];
    const zod = fileURLToPath(import.meta.resolve("zod"));
    const packages = zod.slice(0, zod.lastIndexOf(`${sep}node_modules${sep}`) + 1);
    // `sluice` is what was built, also where the sources are run.
    const built = fileURLToPath(new URL("../../../dist/", import.meta.url));
    return [code, built, `${packages === "" ? dirname(zod) : packages}node_modules${sep}`];
}
