/**
 * What `sluice add github` takes for GitHub's API: which repository, and with which token.
 *
 * Owns: those flags, and asking for the token. Never: tries it (the hub does), or keeps it.
 */
import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { flag, option } from "./command.ts";
import { toUsageFault } from "./exit.ts";
import { printNote } from "./output/print.ts";
import { MAX_SECRET_BYTES, readSecret } from "./read-input.ts";

export const GITHUB_ARGS = {
  repo: option(
    "owner/name",
    "For github: fetch afterwards what its webhook sent while nobody listened; an organisation's too",
  ),
  poll: option("owner/name", "For github: look its events up, for whom no webhook can reach"),
  token: flag(
    "For github, with --repo or --poll: ask for a token, or take the one that gh uses (without a terminal: --secret-env token=VARIABLE)",
  ),
} as const;

type GithubFlags = {
  repo?: string | undefined;
  poll?: string | undefined;
  token?: boolean | undefined;
};

export type GithubGiven = {
  settings: Record<string, string>;
  secrets: Record<string, string>;
};

/** `given`: secrets by name that were given already. @throws SluiceError `bad_input`. */
export async function readGithub(
  kind: string,
  { repo, poll, token = false }: GithubFlags,
  given: { secret?: string; secrets?: Readonly<Record<string, string>> },
): Promise<GithubGiven> {
  const stray = [
    repo === undefined ? undefined : "--repo",
    poll === undefined ? undefined : "--poll",
    token ? "--token" : undefined,
  ].find((one) => one !== undefined);
  if (stray === undefined) return { settings: {}, secrets: {} };
  if (kind !== "github") throw toUsageFault(`${stray} is not for ${kind}`);
  if (repo === undefined && poll === undefined)
    throw toUsageFault("--token goes with --repo owner/name or --poll owner/name");
  const settings = {
    ...(repo === undefined ? {} : { repo: toName(repo) }),
    ...(poll === undefined ? {} : { poll: toName(poll) }),
  };
  const hasToken =
    given.secrets?.["token"] !== undefined || (poll !== undefined && given.secret !== undefined);
  if (hasToken) return { settings, secrets: {} };
  // Public repositories can be looked at without one; webhooks never.
  const found = token || repo !== undefined ? await findToken(token) : undefined;
  return { settings, secrets: found === undefined ? {} : { token: found } };
}

/** As it is copied: `https://github.com/octo/app.git` is `octo/app`, and so is the address of a page in it. */
export function toName(text: string): string {
  const bare = text.replace(
    /^(?:(?:https?|ssh|git):\/\/)?(?:git@)?[\w-]+(?:\.[\w-]+)+(?::\d+)?[/:]/i,
    "",
  );
  const parts = bare
    .replace(/[?#].*$/s, "")
    .replace(/\/+$/, "")
    .split("/");
  // Only behind a host more than two parts are a page; else they are a mistake.
  return (bare === text ? parts : parts.slice(0, 2)).join("/").replace(/\.git$/, "");
}

/** Typed at a terminal; else, where the flag says so, the one that gh has. */
async function findToken(isAsked: boolean): Promise<string | undefined> {
  if (process.stdin.isTTY) {
    const typed = await readSecret(
      MAX_SECRET_BYTES,
      isAsked ? "GitHub token (or Enter alone for the one that gh uses)" : "GitHub token",
    );
    if (typed !== "" || !isAsked) return typed === "" ? undefined : typed;
  }
  if (!isAsked) return undefined;
  const token = await askGh();
  if (token === undefined)
    throw toUsageFault(
      "--token: gh has no token for github.com (gh auth login), so give one with --secret-env token=VARIABLE",
    );
  printNote(
    "the token that gh uses is kept with the channel's secrets; it may do what you may: a fine-grained one is safer",
  );
  return token;
}

const GH = "gh";
const WAIT_MS = 5_000;

/** It prints a value of the user's own configuration, in a folder that is no repository. */
function askGh(): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(
      GH,
      ["auth", "token", "--hostname", "github.com"],
      { cwd: tmpdir(), timeout: WAIT_MS, windowsHide: true },
      (fault, stdout) => {
        const token = fault === null ? stdout.trim() : "";
        resolve(/^[\w.-]{20,300}$/.test(token) ? token : undefined);
      },
    );
  });
}
