/**
 * One event of a sender as data, and what comes of it.
 *
 * Owns: these shapes. Nothing runs here. How a template is written: README.md beside this file.
 */
import type { Priority, Quote } from "../sdk/event.ts";
import type { Severity } from "./severity.ts";

/**
 * A path of a text; of `end` the last lines of one, for what is read from its end, as logs are; or a line from a template whose fields are `{path|path}`, free text as it stands there: one for each entry of the list
 * `of`, or one for the whole.
 */
export type QuoteSource = string | { of?: string; line: string } | { end: string };

/** Members in the order in which a reader meets them. Templates: template.ts. */
export type EventRow = {
  /** What happened. By action where it differs, `*` for the others. */
  line: string | Readonly<Record<string, string>>;
  /** Further lines; one is left out unless all of its fields outside of brackets are there. */
  facts?: readonly string[];
  /** What people or programs wrote, by label, in order of worth. Of `path|path` the first that is there. */
  quotes?: Readonly<Record<string, QuoteSource>>;
  /** Paths of what a program sent as an object, by label: a line for each key. */
  objects?: Readonly<Record<string, string>>;
  /** Paths of what nobody knows the shape of, by label: told by its ranked values, behind the quotes. The empty path is the whole body. */
  rest?: Readonly<Record<string, string>>;
  /** Templates' fields, by key. */
  meta?: Readonly<Record<string, string>>;
  /** What it is about, as a template, or several of which the first counts whose fields are all there. For GitHub: what follows the repository. */
  entity?: string | readonly string[];
  /** The paths whose exact values say what this is a state of, and by which word at the first of these paths it has no outcome. */
  stateOf?: readonly string[];
  /** In place of the row's key: events of several rows that are states of one thing. */
  stateName?: string;
  running?: { path: string; words: readonly string[] };
  /** The paths of the word that says how it stands, with the words of an alert that goes on and of what is over: `status` in meta. */
  status?: { at: string; open?: readonly string[]; closed?: readonly string[] };
  /** How bad it is: always, or by the first word at these paths. */
  severity?: Severity | readonly string[];
  /** Words that this sender means otherwise than most. In small letters, `_` for blanks. */
  severities?: Readonly<Record<string, Severity>>;
  /** Actions or states with which nothing is bad any more; the closed words of `status` are among them. */
  calm?: readonly string[];
  /**
   * Actions or states; `bad` is a severity that is not info, `error` one that is that, `error.triggered` is both at once, `*` all. The
   * first list that has one counts.
   */
  urgent?: readonly string[];
  normal?: readonly string[];
  low?: readonly string[];
  /** Paths of links, or pages. */
  links?: readonly string[];
  /** Paths of the time. */
  at?: readonly string[];
};

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
