/**
 * Events on this tab: the newest ones of a filter, kept in step with the hub, and older ones on demand.
 *
 * Owns: asking for them, a page at a time, and how many are kept. Never: how they look.
 *
 * TABEVENTS-1 New events make the list no longer than MAX_KEPT: the oldest go first, and can be loaded again.
 * TABEVENTS-2 An answer is used for the filter and the list that it was asked for, and for no other.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import type { EventView } from "../api/wire/wire.ts";
import { toMessage } from "../sdk/errors.ts";
import { call } from "./api.ts";
import { useStream } from "./stream.ts";

const PAGE = 200;
const MAX_KEPT = 5_000;
/** Read at once, at most. */
const MAX_READ = 1_000;
const MAX_CHARS = 300;
const NAMED_MAX = 200;

/** `state`: one of an event, or FAILED. */
export type EventsFilter = { state: string; channel: string; text: string };
/** No state of an event, and yet what people look for first. */
export const FAILED = "failed";
export type Events = {
  /** Newest first; undefined until they were read. */
  list: readonly EventView[] | undefined;
  hasOlder: boolean;
  isLoading: boolean;
  reason: string | undefined;
  loadOlder(): void;
  /** Grows whenever something changed, for what else is shown of events. */
  version: number;
};

/** What is known of one filter: `key` is its query. */
type Known = { key: string; list: EventView[]; hasOlder: boolean };

export function useEvents(filter: EventsFilter): Events {
  const key = toQuery(filter);
  const [known, setKnown] = useState<Known>();
  const [isLoading, setLoading] = useState(false);
  const [reason, setReason] = useState<string>();
  const [version, setVersion] = useState(0);
  const current = useRef({ key, known });
  /** The filter whose list is being read. */
  const asking = useRef<string>(undefined);
  current.current = { key, known };
  const fail = (thrown: unknown): void => setReason(toMessage(thrown));

  const readFirst = async (): Promise<void> => {
    const { key: asked, known: shown } = current.current;
    asking.current = asked;
    // As many as are shown, so that a reader further down is not thrown back.
    const limit = asked === shown?.key ? Math.min(MAX_READ, shown.list.length) : 0;
    const wanted = Math.max(PAGE, limit);
    try {
      const page = await ask(asked, `&limit=${wanted}`);
      if (asked !== current.current.key) return;
      setKnown({ key: asked, list: page.toReversed(), hasOlder: page.length === wanted });
      setReason(undefined);
    } finally {
      asking.current = undefined;
    }
  };
  const readChanged = async (ids: readonly string[]): Promise<void> => {
    const { key: asked } = current.current;
    const fresh = await ask(asked, `&ids=${ids.join(",")}`);
    // TABEVENTS-2
    setKnown((before) => (before?.key === asked ? withChanged(before, ids, fresh) : before));
  };
  const readAll = useChanges(async (ids) => {
    const isOther = current.current.known?.key !== current.current.key;
    if (ids === "all" || ids.size > NAMED_MAX || isOther) await readFirst();
    else await readChanged([...ids]);
    setVersion((before) => before + 1);
  }, fail);
  useEffect(() => {
    if (known?.key !== key && asking.current !== key) readAll();
  }, [key]);

  const shown = known?.key === key ? known : undefined;
  return {
    list: shown?.list,
    hasOlder: shown?.hasOlder ?? false,
    isLoading,
    reason,
    version,
    loadOlder() {
      const last = shown?.list.at(-1);
      if (last === undefined || isLoading) return;
      setLoading(true);
      ask(key, `&limit=${PAGE}&before=${last.id}`)
        // TABEVENTS-2
        .then((page) =>
          setKnown((before) => (before?.key === key ? withOlder(before, last, page) : before)),
        )
        .catch(fail)
        .finally(() => setLoading(false));
    },
  };
}

/** `read` gets the names that came while it could not run. Returns how to have all read again. */
function useChanges(
  read: (ids: ReadonlySet<string> | "all") => Promise<void>,
  fail: (thrown: unknown) => void,
): () => void {
  const changed = useRef<Set<string> | "all">(new Set());
  const isBusy = useRef(false);
  const catchUp = async (): Promise<void> => {
    if (isBusy.current || document.visibilityState !== "visible") return;
    isBusy.current = true;
    try {
      while (changed.current === "all" || changed.current.size > 0) {
        const ids = changed.current;
        changed.current = new Set();
        await read(ids);
      }
    } catch (thrown) {
      // The next time everything is read again, also the events that could not be read now.
      changed.current = "all";
      fail(thrown);
    } finally {
      isBusy.current = false;
    }
  };
  const note = (ids: readonly string[]): void => {
    if (ids.length === 0) changed.current = "all";
    else if (changed.current !== "all") for (const id of ids) changed.current.add(id);
    void catchUp();
  };
  useStream({
    opened: () => note([]),
    pushed: (push) => push.kind === "events" && note(push.ids),
    // The frame hears of it, too.
    refused: () => undefined,
  });
  useEffect(() => {
    const wake = (): void => void catchUp();
    document.addEventListener("visibilitychange", wake);
    return () => document.removeEventListener("visibilitychange", wake);
  }, []);
  return () => note([]);
}

function ask(key: string, more: string): Promise<EventView[]> {
  return call<EventView[]>(`events?maxChars=${MAX_CHARS}${key}${more}`);
}

function toQuery({ state, channel, text }: EventsFilter): string {
  return [
    ["state", state === FAILED ? "" : state],
    ["failed", state === FAILED ? "true" : ""],
    ["channel", channel],
    ["text", text.trim()],
  ]
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `&${name}=${encodeURIComponent(value ?? "")}`)
    .join("");
}

/** With a page of what came before `last`; unchanged where that is no longer the oldest that is known. */
function withOlder(known: Known, last: EventView, page: readonly EventView[]): Known {
  if (known.list.at(-1)?.id !== last.id) return known;
  const list = [...known.list, ...page.toReversed()];
  return { ...known, list, hasOlder: page.length === PAGE };
}

/** `ids` were asked for. Those that did not come do not fit the filter, or no longer do. */
function withChanged(known: Known, ids: readonly string[], fresh: readonly EventView[]): Known {
  const { list, hasOlder } = known;
  const byId = new Map(fresh.map((event) => [event.id, event]));
  const asked = new Set(ids);
  const kept = list.flatMap((event) => (asked.has(event.id) ? (byId.get(event.id) ?? []) : event));
  const shown = new Set(list.map(({ id }) => id));
  const oldest = list.at(-1)?.receivedAt ?? 0;
  // An event that is older than all that are shown belongs to a page that was not loaded.
  const added = fresh.filter(
    ({ id, receivedAt }) => !shown.has(id) && (!hasOlder || receivedAt >= oldest),
  );
  const all = [...added.toReversed(), ...kept];
  // TABEVENTS-1
  const most = Math.max(MAX_KEPT, list.length);
  const isOver = all.length > most;
  return { ...known, list: all.slice(0, most), hasOlder: hasOlder || isOver };
}
