/**
 * Where a call writes, judged by the path alone.
 *
 * Owns: the session's folder as the bound, and the places within it that make later programs run something. Never: looks at the disk: a
 * link that leads out of the folder is seen only by who resolved it before.
 */
import { homedir } from "node:os";
import { posix } from "node:path";

/** Files and folders that decide what runs later, or who may; wherever they lie. */
const SENSITIVE: readonly (readonly [RegExp, string])[] = [
  [
    /(?:^|\/)\.git(?:$|\/(?:hooks|config|info|modules|worktrees)(?:\/|$))/i,
    "changes what git runs",
  ],
  [/(?:^|\/)\.(?:husky|githooks)(?:\/|$)/i, "changes what git runs"],
  [/(?:^|\/)\.gitconfig$/i, "changes what git runs"],
  [
    /(?:^|\/)(?:\.claude(?:\/|$|\.json$)|\.mcp\.json$|managed-settings\.json$)/i,
    "changes the agent's own settings",
  ],
  [/(?:^|\/)\.sluice(?:\/|$)/i, "changes who may speak here"],
  [
    /(?:^|\/)(?:\.(?:bash|zsh|k?sh|csh|tcsh)(?:rc|env|_profile|_login|_logout|_aliases)|\.z(?:profile|login|logout)|\.profile|\.login|\.inputrc|\.envrc|\.xprofile|\.xinitrc|\.tmux\.conf|\.vimrc|config\.fish)$/i,
    "changes what a shell runs at its start",
  ],
  [/(?:^|\/)\.(?:ssh|gnupg|aws|kube|docker)(?:\/|$)/i, "changes keys or logins"],
  [/(?:^|\/)\.(?:netrc|npmrc|pypirc|yarnrc|yarnrc\.yml|pgpass)$/i, "changes keys or logins"],
  [/(?:^|\/)\.(?:vscode|idea)\//i, "changes what an editor runs"],
  [/(?:^|\/)\.github\/(?:workflows|actions)\//i, "changes what the build server runs"],
  [
    /(?:^|\/)(?:LaunchAgents|LaunchDaemons|autostart|cron\.\w+|systemd)\//i,
    "changes what the system starts",
  ],
];

/** Keys and passwords: reading them is the first half of losing them. */
const SECRETS =
  /(?:^|\/)(?:\.ssh(?:\/(?!config$|known_hosts$|[^/]*\.pub$)[^/]+)?|\.aws(?:\/credentials)?|\.claude\/\.credentials\.json|\.claude\.json|\.sluice(?:\/.*)?|proc\/[^/]+\/environ|\.config\/(?:gh\/hosts\.yml|gcloud(?:\/.*)?)|\.env(?:\.(?!example$|sample$|template$|dist$)[\w-]+)?|\.gnupg(?:\/|$)|\.netrc|\.pgpass|\.npmrc|\.pypirc|\.docker\/config\.json|\.kube\/config|etc\/shadow|\.git-credentials|[^/]*\.(?:pem|p12|pfx|keystore)|id_(?:rsa|ed25519|ecdsa|dsa)|Login Data|key[34]\.db)$/i;

/** Devices that keep nothing. */
const NO_FILES = /^\/dev\/(?:null|zero|stdin|stdout|stderr|tty|fd\/\d+)$/;

export type Place = {
  /** The session's folder; empty where nobody knows it. */
  cwd: string;
  /** Where relative paths begin; undefined where nobody knows. */
  base: string | undefined;
};

/** `isExact`: false where the shell fills something in. */
export type PathFacts = Place & { path: string; isExact: boolean };

/** Why writing there is risky, in words for people; empty where it is not. */
export function assessWrite({ path, isExact, cwd, base }: PathFacts): string[] {
  const plain = expandHome(path);
  if (NO_FILES.test(plain)) return [];
  if (/^\/dev\/(?:tcp|udp)\//.test(plain)) return ["network: /dev/tcp"];
  const isComputed = !isExact && /[$`]/.test(plain);
  const sensitive = toSensitive(plain.replace(/["'\\]/g, ""));
  if (isComputed) return [...sensitive, `writes to a place that is computed: ${toShort(path)}`];
  const full = resolvePath(plain, base);
  if (full === undefined || cwd === "")
    return [...sensitive, `writes, and the session's folder is not known: ${toShort(path)}`];
  // A pattern stands for names in its folder; what comes before it is a fact.
  const found = isInside(full, cwd)
    ? toSensitive(full.slice(posix.resolve(cwd).length))
    : toSensitive(full);
  return isInside(full, cwd)
    ? found
    : [...found, `writes outside the session's folder: ${toShort(full)}`];
}

/** Why reading there is risky. */
export function assessRead({ path, base }: Pick<PathFacts, "path" | "base">): string[] {
  const full = resolvePath(expandHome(path), base) ?? path;
  return SECRETS.test(full) ? [`reads keys or passwords: ${toShort(full)}`] : [];
}

/** The absolute path, without `..`; undefined where that cannot be said. */
export function resolvePath(path: string, base: string | undefined): string | undefined {
  const plain = expandHome(path);
  if (plain.startsWith("~")) return posix.join("/~", plain);
  if (plain.startsWith("/")) return posix.resolve(plain);
  return base === undefined || base === "" ? undefined : posix.resolve(base, plain);
}

export function isInside(path: string, folder: string): boolean {
  const bound = posix.resolve(folder);
  return path === bound || path.startsWith(bound === "/" ? "/" : `${bound}/`);
}

/** ~ and $HOME, which mean one folder, and nothing that could be computed otherwise. */
function expandHome(path: string): string {
  return path.replace(/^(?:~(?=\/|$)|\$HOME\b|\$\{HOME\})/, () => homedir());
}

function toSensitive(path: string): string[] {
  return SENSITIVE.flatMap(([place, reason]) => (place.test(path) ? [reason] : []));
}

function toShort(path: string): string {
  return path.length <= 80 ? path : `${path.slice(0, 38)}…${path.slice(-38)}`;
}
