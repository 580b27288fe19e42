/**
 * What Claude Code's own plugins for Telegram and Discord keep in their folders.
 *
 * Owns: finding the folder and reading it. Never: changes anything there, or prints the token.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readProcess } from "../../local/process.ts";
import { type Env, requireUserFolder } from "../../local/home.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { at, isTrueAt, listAt, parseJson, textAt } from "../../sdk/json.ts";

export type OfficialFolder = {
  path: string;
  token: string;
  policy: "pairing" | "allowlist" | "disabled";
  /** Immutable ids of people who may write. */
  people: string[];
  groups: { id: string; senders: string[]; requireMention: boolean }[];
  /** What is not taken over, for the user to read. */
  left: string[];
};

/** Kinds of channel that such a plugin is for. */
export const OFFICIAL_KINDS = ["telegram", "discord"] as const;
export type OfficialKind = (typeof OFFICIAL_KINDS)[number];

/** @throws SluiceError `bad_config` where HOME does not say it. */
export function locateOfficialFolder(env: Env, kind: OfficialKind = "telegram"): string {
  const variable = `${kind.toUpperCase()}_STATE_DIR`;
  const own = env[variable];
  if (own !== undefined) return own;
  // The one for Discord does not look at where Claude Code keeps its settings.
  const claude = kind === "telegram" ? env["CLAUDE_CONFIG_DIR"] : undefined;
  return join(
    claude ?? join(requireUserFolder(env, `${variable} to that plugin's folder`), ".claude"),
    "channels",
    kind,
  );
}

/** @throws SluiceError `not_found` without a token, `bad_config` for a list that cannot be read: half of it is worse than none. */
export function readOfficialFolder(path: string, kind: OfficialKind = "telegram"): OfficialFolder {
  const variable = `${kind.toUpperCase()}_BOT_TOKEN`;
  const token = readToken(readText(join(path, ".env")) ?? "", variable);
  if (token === undefined)
    throw new SluiceError(
      "not_found",
      `${join(path, ".env")} holds no ${variable}; run "sluice add ${kind}" and paste the token`,
    );
  const file = join(path, "access.json");
  const text = readText(file);
  const parsed = parseJson(text ?? "{}");
  if (parsed.kind === "bad" || typeof parsed.value !== "object" || parsed.value === null)
    throw new SluiceError("bad_config", `${file} cannot be read; nothing was taken over`);
  return { path, token, ...readAccess(parsed.value, kind) };
}

/** The plugin's poller, where it runs. */
export function findOfficialPoller(path: string): number | undefined {
  const pid = Number(readText(join(path, "bot.pid"))?.trim());
  return Number.isSafeInteger(pid) && pid > 1 && readProcess(pid) !== undefined ? pid : undefined;
}

/** Windows line ends, quotes, `export` and a byte order mark are all met in such files. */
function readToken(text: string, variable: string): string | undefined {
  for (const line of text.replace(/^\uFEFF/, "").split(/\r?\n/)) {
    const [, name, value] = /^\s*(?:export\s+)?([A-Z_]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== variable) continue;
    const bare = value?.replace(/^(["'])(.*)\1$/, "$2");
    if (bare !== undefined && bare !== "") return bare;
  }
  return undefined;
}

function readAccess(
  access: object,
  kind: OfficialKind,
): Pick<OfficialFolder, "policy" | "people" | "groups" | "left"> {
  const left: string[] = [];
  const word = textAt(access, "dmPolicy");
  const policy = word === "allowlist" || word === "disabled" ? word : "pairing";
  const people = toIds(listAt(access, "allowFrom"), "allowFrom", left);
  const groups: OfficialFolder["groups"] = [];
  const listed = at(access, "groups");
  const entries = typeof listed === "object" && listed !== null ? Object.entries(listed) : [];
  for (const [id, group] of entries) {
    if (!/^-?\d{1,20}$/.test(id)) {
      left.push("a group whose id is no number");
      continue;
    }
    const senders = toIds(listAt(group, "allowFrom"), `group ${id}`, left);
    const named = at(group, "requireMention") === undefined || isTrueAt(group, "requireMention");
    if (senders.length > 0) groups.push({ id, senders, requireMention: named });
    // Everybody in a group may speak only where its owner has typed so.
    else
      left.push(
        `group ${id}, where anybody could write: sluice access group add ${kind} --id=${id} --sender <id>`,
      );
  }
  if (listAt(access, "mentionPatterns").length > 0)
    left.push("mentionPatterns, which are regular expressions: give words with --pattern");
  return { policy, people, groups, left };
}

function toIds(values: readonly unknown[], where: string, left: string[]): string[] {
  const ids = values.map((value) => String(value)).filter((id) => /^\d{1,20}$/.test(id));
  if (ids.length < values.length)
    left.push(`${values.length - ids.length} entries of ${where} that are no ids`);
  return [...new Set(ids)];
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new SluiceError(
      "bad_config",
      `${path} cannot be read (${(cause as NodeJS.ErrnoException).code ?? "?"})`,
    );
  }
}
