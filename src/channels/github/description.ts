/**
 * The parts of an event's description, and the readers that all families of events share.
 *
 * Owns: restricted fields of a payload (login, branch, sha, link) and the severity of a conclusion. Never: free text.
 */
import type { Priority, Quote } from "../../sdk/event.ts";
import { cut, MAX_META_CHARS, toNameField, toRefField, toUrlField } from "../../sdk/field.ts";
import { at, countAt, idAt, listAt, textAt } from "../../sdk/json.ts";

export type Severity = "info" | "warning" | "error";

/** What one event says. Absent: severity `info`, priority `normal`, nothing to add. */
export type Description = {
  /** One line. */
  summary: string;
  /** Further lines, without the link. */
  facts?: string[];
  quotes?: Quote[];
  meta?: Record<string, string | number | boolean | undefined>;
  entity?: string;
  stateOf?: string | undefined;
  severity?: Severity;
  priority?: Priority;
  url?: string | undefined;
  occurredAt?: number | undefined;
};

/** Who and where: the same for every event. */
export type Context = {
  event: string;
  action: string | undefined;
  /** `owner/name` in lower case. */
  repository: string | undefined;
  /** The repository, else the organisation, as text. */
  place: string;
  login: string;
  defaultBranch: string | undefined;
};

export type Describe = (payload: unknown, context: Context) => Description;

/** A word of GitHub's own vocabulary: an event, action, state or conclusion. */
export function isWordy(text: string): boolean {
  return /^[a-z][a-z0-9_-]{0,63}$/.test(text);
}

/** Such a word for a reader: `timed out`. */
export function toWords(word: string): string {
  return word.replaceAll("_", " ");
}

export function wordAt(payload: unknown, path: string): string | undefined {
  const found = textAt(payload, path);
  return found !== undefined && isWordy(found) ? found : undefined;
}

export function readContext(event: string, payload: unknown): Context {
  const fullName = textAt(payload, "repository.full_name");
  const isName = fullName !== undefined && /^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(fullName);
  const organization = textAt(payload, "organization.login");
  return {
    event,
    action: wordAt(payload, "action"),
    repository: isName ? fullName.toLowerCase() : undefined,
    place: isName ? fullName : organization === undefined ? "GitHub" : toLogin(organization),
    login: loginAt(payload, "sender.login") ?? "unknown",
    defaultBranch: refAt(payload, "repository.default_branch"),
  };
}

/** Apps end in `[bot]`. */
export function loginAt(payload: unknown, path: string): string | undefined {
  const found = textAt(payload, path);
  return found === undefined ? undefined : toLogin(found);
}

/** A branch or tag, without `refs/heads/` or `refs/tags/`. */
export function refAt(payload: unknown, path: string): string | undefined {
  const found = textAt(payload, path)?.replace(/^refs\/(heads|tags)\//, "");
  return found === undefined || found === "" ? undefined : toRefField(found);
}

/** Where a file lies in its repository: blanks are part of it. */
export function pathAt(payload: unknown, path: string): string | undefined {
  const found = toNameField(textAt(payload, path) ?? "", 160);
  return found === "" ? undefined : found;
}

export function nameAt(payload: unknown, path: string): string | undefined {
  const name = toNameField(textAt(payload, path) ?? "");
  return name === "" ? undefined : name;
}

/** The whole commit id, for meta. */
export function shaAt(payload: unknown, path: string): string | undefined {
  const found = textAt(payload, path);
  return found !== undefined && /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(found) ? found : undefined;
}

/** A commit id for people; undefined for the all-zero one, which stands for "none". */
export function toShortSha(sha: string | undefined): string | undefined {
  return sha === undefined || /^0+$/.test(sha) ? undefined : sha.slice(0, 7);
}

export function urlAt(payload: unknown, ...paths: string[]): string | undefined {
  for (const path of paths) {
    const url = toUrlField(textAt(payload, path) ?? "");
    if (url !== undefined) return url;
  }
  return undefined;
}

/** A quote for each path that holds text, labelled by the pair's first half. */
export function quotesAt(payload: unknown, paths: Record<string, string>): Quote[] {
  return Object.entries(paths).flatMap(([label, path]) => {
    const text = textAt(payload, path);
    return text === undefined || text.trim() === "" ? [] : [{ label, text }];
  });
}

/** The parts that are there, with blanks between. */
export function joinLine(...parts: (string | false | undefined)[]): string {
  return parts.filter(Boolean).join(" ");
}

/** The parts that are there, with commas between. */
export function joinFacts(...parts: (string | false | undefined)[]): string {
  return parts.filter(Boolean).join(", ");
}

/** `octo/app` + suffix; absent where the repository is. */
export function toEntity(context: Context, suffix: string): { entity?: string } {
  return context.repository === undefined
    ? {}
    : { entity: cut(`${context.repository}${suffix}`, MAX_META_CHARS) };
}

/** The pull request or issue that an event belongs to: both share one row of numbers. */
export function toThread(context: Context, number: number | undefined): { entity?: string } {
  return number === undefined ? {} : toEntity(context, `#${number}`);
}

/**
 * The one pull request that a run belongs to. Its base is compared: a branch of a fork may have its pull request upstream.
 * Runs of a fork's branch list none: https://docs.github.com/en/rest/checks/runs, https://github.com/github/docs/issues/22501
 */
export function onlyPullNumber(payload: unknown, path: string): number | undefined {
  const here = idAt(payload, "repository.id");
  const own = listAt(payload, path).filter((pull) =>
    [undefined, here].includes(idAt(pull, "base.repo.id")),
  );
  return own.length === 1 ? countAt(own[0], "number") : undefined;
}

/**
 * How bad a word of GitHub's is: a conclusion, a state, or the severity of an alert.
 * https://docs.github.com/en/rest/checks/runs, https://docs.github.com/en/rest/actions/workflow-runs,
 * https://docs.github.com/en/rest/code-scanning/code-scanning, https://docs.github.com/en/rest/dependabot/alerts
 */
const SEVERITIES: ReadonlyMap<string, Severity> = new Map([
  ...["failure", "startup_failure", "error", "errored", "failed", "critical", "high"].map(
    (word) => [word, "error"] as const,
  ),
  ...[
    "cancelled",
    "timed_out",
    "action_required",
    "rejected",
    "invalidated",
    "off_track",
    "medium",
    "moderate",
    "warning",
  ].map((word) => [word, "warning"] as const),
]);

export function toSeverity(word: string | undefined): Severity {
  return SEVERITIES.get(word ?? "") ?? "info";
}

/** A branch as `ref`, or `owner:ref` when it lives in a fork: a fork's `main` is not our `main`. */
export function headAt(
  payload: unknown,
  refPath: string,
  repositoryPath: string,
): string | undefined {
  const ref = refAt(payload, refPath);
  const id = idAt(payload, `${repositoryPath}.id`);
  if (ref === undefined || id === undefined || id === idAt(payload, "repository.id")) return ref;
  return `${loginAt(payload, `${repositoryPath}.owner.login`) ?? "fork"}:${ref}`;
}

/** True where a key is present with any value but null. */
export function isPresent(payload: unknown, path: string): boolean {
  return (at(payload, path) ?? null) !== null;
}

function toLogin(text: string): string {
  const bare = text.replace(/\[bot\]$/, "");
  return `${toRefField(bare, 64)}${bare === text ? "" : "[bot]"}`;
}
