/**
 * A sender as data: the shape of a file in rows/. README.md beside this file says how one is written.
 *
 * Owns: that shape, and checking what the types cannot. Never: behaviour.
 */
import type { ChannelSetting, IngressMethod, PlatformAnswer, Preflight } from "../sdk/channel.ts";
import type { Scheme } from "../sdk/scheme.ts";
import type { EventRow } from "./event-row.ts";

/** A proven request that is no event. */
export type Handshake = {
  /** Paths with the words that must all stand there; `*` is any text. */
  when: Readonly<Record<string, string>>;
  /** What it is counted under: `[a-z_]+`. */
  code: string;
  status?: PlatformAnswer["status"];
  /**
   * The fields of a JSON answer. `{path}` is the text at a path, `{mac:path}` its HMAC-SHA-256 in hex under the channel's secret; anything
   * else stands as it is.
   */
  json?: Readonly<Record<string, string | number>>;
  /** In place of `json`: the path of a text of `[A-Za-z0-9_-]` that is answered as plain text. */
  text?: string;
  /** The path of an address that confirms the subscription, and the hosts where it may lie. */
  confirm?: { url: string; host: RegExp };
  /** The path of a token that the owner is to type into the sender's settings; `what` is its name there. */
  tell?: { what: string; at: string };
};

/** The members in the order of a request's life, then what people read. */
export type SenderRow = {
  /** As a user types it after `sluice add`, and the name of the file. */
  kind: string;
  title: string;
  /** One line for help and docs: what it tells of. */
  description: string;
  /** Other words that a user may type. */
  aliases?: readonly string[];

  /** How its requests prove themselves; the first is the default. Names of `ownSchemes`, or of rows in verify/. */
  schemes: readonly [string, ...string[]];
  ownSchemes?: Readonly<Record<string, Scheme>>;
  /** How `sluice add` asks for the secret where the sender makes it: what it is called there, and where it stands. Absent: Sluice makes one. */
  secretPrompt?: string;
  /** What `sluice add` may be given besides a secret: `--set name=value`. */
  settings?: readonly ChannelSetting[];
  methods?: readonly IngressMethod[];
  preflight?: Preflight;
  handshakes?: readonly Handshake[];
  /** How a stored event is answered, where 202 with JSON is wrong. */
  answer?: PlatformAnswer;
  gzip?: true;
  /** Of its largest real request. Default 1 MiB. */
  maxBodyBytes?: number;

  /** Its JSON comes under another content type. */
  isJson?: true;
  /** Texts that hold JSON, by path, and the key under which it is read. In a form, the field. */
  unwrap?: Readonly<Record<string, string>>;
  /**
   * Texts that hold several values, by path, and the patterns that take them apart: a named group is read as `$part.name`. A pattern takes
   * time in proportion to the text.
   */
  parts?: Readonly<Record<string, readonly RegExp[]>>;
  /** Keys besides those that every sender has (redact.ts) that nobody may read, wherever they stand. Only a handshake finds them. */
  secrets?: readonly string[];

  /** The path of a list: where it holds several, each is an event of its own, read as a list of one under `list`. */
  each?: string;
  /** Where its own id of a delivery stands: a path. `$header.x-request-id` is a header. Several: all of them together are the id. */
  id?: string | readonly string[];
  /**
   * With a token and without an id: its bodies differ by themselves, since a time or a number is in them, so the same bytes are the same
   * event. A path where not every body has that time.
   */
  isUnique?: true | string;
  /**
   * With a signature and without an id: it sends the same bytes again to remind of a thing, so they are another event; `event`: only under
   * another event's name, which its signature does not cover.
   */
  repeats?: true | "event";

  /** The paths of the words that make an event's name, joined by dots; `=alert` is that word itself, `=call?CallSid` where that path is there. */
  event: readonly string[];
  /** What was done, where the event's name does not say it: a path, or a word as in `event`. */
  action?: string;
  /** Who did it: paths of an id that never changes, and of a name. */
  actor?: { id: string; name: string };
  /** Templates of `owner/name`, or paths of the repository's address in braces. */
  repository?: readonly string[];
  /** What every row has that does not say otherwise. */
  common?: Partial<EventRow>;
  /** By the event's name, or the part of it before a `.`, `:` or `/`; `*` is any other. The longest that fits counts. */
  events: Readonly<Record<string, EventRow>>;

  /** What to do on the sender's side, a step each, with exact values to paste; `{url}`, `{path}`, `{origin}`, `{name}` are filled in. */
  setUp: readonly [string, ...string[]];
  /** How it tries again, in one sentence. */
  retries: string;
  /** The pages that all of this is from. */
  sources: readonly [string, ...string[]];
};

/** Checks a row and returns it frozen. @throws TypeError for one that could not work. */
export function defineSender(row: SenderRow): SenderRow {
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(row.kind))
    throw new TypeError(`sender "${row.kind}" must match [a-z][a-z0-9-]*, at most 32 characters`);
  for (const [name, { stateOf, entity }] of Object.entries(row.events)) {
    // What is shown of a state is its entity: a key is for no reader.
    if (
      (stateOf ?? row.common?.stateOf) !== undefined &&
      (entity ?? row.common?.entity) === undefined
    )
      throw new TypeError(
        `sender ${row.kind}: ${name} is a state of something, so it needs an entity`,
      );
  }
  return Object.freeze(row);
}
