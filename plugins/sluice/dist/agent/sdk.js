var __rewriteRelativeImportExtension = (this && this.__rewriteRelativeImportExtension) || function (path, preserveJsx) {
    if (typeof path === "string" && /^\.\.?\//.test(path)) {
        return path.replace(/\.(tsx)$|((?:\.d)?)((?:\.[^./]+?)?)\.([cm]?)ts$/i, function (m, tsx, d, ext, cm) {
            return tsx ? preserveJsx ? ".jsx" : ".js" : d && (!ext || !cm) ? m : (d + ext + "." + cm.toLowerCase() + "js");
        });
    }
    return path;
};
/**
 * The Claude Agent SDK, as far as it is used here: an optional package, so its types are not at hand.
 *
 * Owns: where it lies in a home, its version, and these shapes. Never: installs it (src/cli/agent).
 * https://code.claude.com/docs/en/agent-sdk/typescript
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { SluiceError, toMessage } from "../sdk/errors.js";
export const SDK_PACKAGE = "@anthropic-ai/claude-agent-sdk";
/** The one that the tests run against. */
export const SDK_VERSION = "0.3.332";
export function locateSdk(home) {
    return join(home, "agent-sdk");
}
function toEntry(home) {
    return join(locateSdk(home), "node_modules", SDK_PACKAGE, "sdk.mjs");
}
export function hasSdk(home) {
    return existsSync(toEntry(home));
}
/** @throws SluiceError `unsupported` where it cannot be loaded. */
export async function loadSdk(home) {
    try {
        return (await import(__rewriteRelativeImportExtension(pathToFileURL(toEntry(home)).href)));
    }
    catch (thrown) {
        throw new SluiceError("unsupported", `the Claude Agent SDK in ${locateSdk(home)} cannot be loaded (${toMessage(thrown)}); delete that folder and start the agent again, which installs it anew`, { cause: thrown });
    }
}
