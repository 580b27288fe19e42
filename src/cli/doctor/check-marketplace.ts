/**
 * Doctor's checks of the plugin's marketplace: the client knows it, and the organisation allows it.
 *
 * Owns: what counts as in order there. Never: changes a setting, or looks for a way around one.
 * https://code.claude.com/docs/en/plugin-marketplaces and https://code.claude.com/docs/en/settings
 */
import { type Check, fail, pass } from "./check.ts";
import type { MarketplaceRow } from "../claude/claude-client.ts";
import { MARKETPLACE } from "../../sdk/channel-flag.ts";

/** What a managed file says of marketplaces; undefined where it says nothing. */
export type MarketplaceRules = {
  path: string;
  /** Only these may be used. */
  allowed: readonly unknown[] | undefined;
  blocked: readonly unknown[] | undefined;
};

const ASK = "ask the administrator of Claude Code in your organisation";

/** `folder` is where `sluice connect claude` puts ours; `known` is the one of our name that the client lists. */
export function checkMarketplace(
  folder: string,
  known: MarketplaceRow | undefined,
  rules: readonly MarketplaceRules[],
): Check {
  const { name: _, ...source } = known?.source === undefined ? toFolderSource(folder) : known;
  const where = source.repo ?? source.url ?? source.path ?? folder;
  for (const { path, allowed, blocked } of rules) {
    if (blocked?.some((entry) => isCovering(entry, source)) === true)
      return fail("marketplace", `${path} blocks ${where} (blockedMarketplaces)`, ASK);
    if (allowed !== undefined && !allowed.some((entry) => isCovering(entry, source))) {
      return fail(
        "marketplace",
        `${path} names the marketplaces that may be used (strictKnownMarketplaces), and ${where} is not among them`,
        `${ASK} to add ${JSON.stringify(toEntry(source))}`,
      );
    }
  }
  return known !== undefined
    ? pass("marketplace", `${MARKETPLACE}, ${where}`)
    : fail(
        "marketplace",
        `Claude Code does not know ${MARKETPLACE}, so it loads no plugin from it`,
        "sluice connect claude",
      );
}

type Source = Omit<MarketplaceRow, "name">;

function toFolderSource(path: string): MarketplaceRow {
  return { name: MARKETPLACE, source: "directory", path };
}

/** As a managed file writes it. */
function toEntry({ source, path, repo, url }: Source): object {
  return {
    source,
    ...(repo === undefined ? {} : { repo }),
    ...(url === undefined ? {} : { url }),
    ...(path === undefined ? {} : { path }),
  };
}

/** True where a managed entry is about this source. */
function isCovering(entry: unknown, { source, path, repo, url }: Source): boolean {
  if (typeof entry !== "object" || entry === null || !("source" in entry)) return false;
  if (entry.source === "github")
    return "repo" in entry && repo !== undefined && entry.repo === repo;
  if (entry.source === "git" || entry.source === "url")
    return "url" in entry && url !== undefined && entry.url === url;
  if (entry.source === "hostPattern" && "hostPattern" in entry) {
    const host = source === "github" ? "github.com" : toHost(url);
    return host !== undefined && isMatching(entry.hostPattern, host);
  }
  if (entry.source === "directory" || entry.source === "file")
    return "path" in entry && path !== undefined && entry.path === path;
  if (entry.source !== "pathPattern" || !("pathPattern" in entry)) return false;
  return path !== undefined && isMatching(entry.pathPattern, path);
}

/** The host of a Git URL, also as `git@host:path`. */
function toHost(url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  if (URL.canParse(url)) return new URL(url).hostname;
  return /^[^@/]+@([^:/]+):/.exec(url)?.[1];
}

function isMatching(pattern: unknown, text: string): boolean {
  try {
    return new RegExp(String(pattern)).test(text);
  } catch {
    // The client cannot use it either, and says so itself.
    return false;
  }
}
