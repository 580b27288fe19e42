/**
 * Doctor's checks of the plugin's marketplace: the client knows it, and the organisation allows it.
 *
 * Owns: what counts as in order there. Never: changes a setting, or looks for a way around one.
 * https://code.claude.com/docs/en/plugin-marketplaces and https://code.claude.com/docs/en/settings
 */
import { type Check, fail, pass } from "./check.ts";
import { MARKETPLACE } from "../../sdk/channel-flag.ts";

/** What a managed file says of marketplaces; undefined where it says nothing. */
export type MarketplaceRules = {
  path: string;
  /** Only these may be used. */
  allowed: readonly unknown[] | undefined;
  blocked: readonly unknown[] | undefined;
};

const ASK = "ask the administrator of Claude Code in your organisation";

/** `folder` is where our marketplace stands; `isKnown`: the client lists it. */
export function checkMarketplace(
  folder: string,
  isKnown: boolean,
  rules: readonly MarketplaceRules[],
): Check {
  for (const { path, allowed, blocked } of rules) {
    if (blocked?.some((entry) => isCovering(entry, folder)) === true)
      return fail("marketplace", `${path} blocks ${folder} (blockedMarketplaces)`, ASK);
    if (allowed !== undefined && !allowed.some((entry) => isCovering(entry, folder))) {
      return fail(
        "marketplace",
        `${path} names the marketplaces that may be used (strictKnownMarketplaces), and ${folder} is not among them`,
        `${ASK} to add {"source":"directory","path":"${folder}"}`,
      );
    }
  }
  return isKnown
    ? pass("marketplace", `${MARKETPLACE}, ${folder}`)
    : fail(
        "marketplace",
        `Claude Code does not know ${MARKETPLACE}, so it loads no plugin from it`,
        "sluice connect claude",
      );
}

/** True where a managed entry is about a folder of this machine. */
function isCovering(entry: unknown, folder: string): boolean {
  if (typeof entry !== "object" || entry === null || !("source" in entry)) return false;
  if (entry.source === "directory" || entry.source === "file")
    return "path" in entry && entry.path === folder;
  if (entry.source !== "pathPattern" || !("pathPattern" in entry)) return false;
  try {
    return new RegExp(String(entry.pathPattern)).test(folder);
  } catch {
    // The client cannot use it either, and says so itself.
    return false;
  }
}
