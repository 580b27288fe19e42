/**
 * Reads whether the organisation's managed settings of Claude Code allow channels.
 *
 * Owns: that decision. Never: looks for a way around it.
 * https://code.claude.com/docs/en/channels and https://code.claude.com/docs/en/settings
 *
 * ORGPOLICY-1 A policy file that cannot be read or understood closes delivery: unknown never counts as open.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readErrorCode, toMessage } from "../../sdk/errors.ts";

export type ClientPolicy = { state: "open" | "closed" | "unknown"; detail: string };

const settings = z.looseObject({
  channelsEnabled: z.boolean().optional(),
  allowedChannelPlugins: z
    .array(
      z.union([
        z.string(),
        z.looseObject({ plugin: z.string().optional(), name: z.string().optional() }),
      ]),
    )
    .optional(),
});

/** Where the client reads managed settings on this platform. */
export function toPolicyFolder(platform: NodeJS.Platform = process.platform): string {
  if (platform === "darwin") return "/Library/Application Support/ClaudeCode";
  if (platform === "win32") return "C:\\Program Files\\ClaudeCode";
  return "/etc/claude-code";
}

export function readPolicy(folder: string = toPolicyFolder()): ClientPolicy {
  const files = listFiles(folder);
  if (!Array.isArray(files)) return files;
  let allowed: string[] | undefined;
  for (const file of files) {
    const parsed = readSettings(file);
    if (parsed === undefined) continue;
    if (parsed.kind === "unreadable") return parsed.policy;
    const { channelsEnabled, allowedChannelPlugins } = parsed.settings;
    if (channelsEnabled === false) {
      return {
        state: "closed",
        detail: `${file} sets channelsEnabled to false: your organisation has turned channels off`,
      };
    }
    allowed =
      allowedChannelPlugins?.map((entry) =>
        typeof entry === "string" ? entry : (entry.plugin ?? entry.name ?? ""),
      ) ?? allowed;
  }
  if (allowed !== undefined && !allowed.some((name) => /^(?:plugin:)?sluice(?:@|$)/.test(name))) {
    return {
      state: "closed",
      detail: `allowedChannelPlugins in ${folder} does not list sluice; ask your administrator`,
    };
  }
  const seen =
    files.length === 0
      ? `no managed settings in ${folder}`
      : `managed settings in ${folder} allow it`;
  return {
    state: "open",
    detail: `${seen}; settings managed by a server cannot be seen from here`,
  };
}

type SettingsRead =
  | { kind: "settings"; settings: z.infer<typeof settings> }
  | { kind: "unreadable"; policy: ClientPolicy };

/** Undefined when there is no such file. */
function readSettings(file: string): SettingsRead | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (thrown) {
    return isMissing(thrown)
      ? undefined
      : { kind: "unreadable", policy: toUnknown(file, toMessage(thrown)) };
  }
  try {
    const parsed = settings.safeParse(JSON.parse(text));
    return parsed.success
      ? { kind: "settings", settings: parsed.data }
      : { kind: "unreadable", policy: toUnknown(file, "it has a wrong shape") };
  } catch {
    // ORGPOLICY-1; the parser's message may quote the file.
    return { kind: "unreadable", policy: toUnknown(file, "it is not valid JSON") };
  }
}

/** The base file, then the drop-ins in the order of their names, as the client merges them. */
function listFiles(folder: string): string[] | ClientPolicy {
  const dropIns = join(folder, "managed-settings.d");
  let names: string[] = [];
  try {
    names = readdirSync(dropIns)
      .filter((name) => name.endsWith(".json"))
      .toSorted();
  } catch (thrown) {
    if (!isMissing(thrown)) return toUnknown(dropIns, toMessage(thrown));
  }
  const base = join(folder, "managed-settings.json");
  const hasBase = readSettings(base) !== undefined;
  return [...(hasBase ? [base] : []), ...names.map((name) => join(dropIns, name))];
}

function toUnknown(path: string, why: string): ClientPolicy {
  return {
    state: "unknown",
    detail: `${path} cannot be read (${why}): nothing is delivered until it can`,
  };
}

function isMissing(thrown: unknown): boolean {
  return /^(?:ENOENT|ENOTDIR)$/.test(String(readErrorCode(thrown)));
}
