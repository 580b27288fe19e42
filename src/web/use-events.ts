/**
 * Events on this tab: the newest ones of a filter, kept in step with the hub, and older ones on demand.
 *
 * Owns: asking for them, a page at a time, and how many are kept. Never: how they look.
 * The hub names the events that changed; they are read in one call at a time, however fast they come, and not while the tab is hidden.
 *
 * TABEVENTS-1 New events make the list no longer than MAX_KEPT: the oldest go first, and can be loaded again.
 * TABEVENTS-2 An answer is used for the filter and the list that it was asked for, and for no other.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import type { EventView } from "../api/wire/wire.ts";
import { call } from "./api.ts";
import { keepStream } from "./stream.ts";

const PAGE = 200;
const MAX_KEPT = 5_000;
/** Read at once, at most. */
const MAX_READ = 1_000;
const MAX_CHARS = 300;
const NAMED_MAX = 200;

export type EventsFilter = { state: string; channel: string; text: string };
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

type Known = { key: string; list: EventView[]; hasOlder: boolean };

export function useEvents(filter: EventsFilter): Events {
  const key = toQuery(filter);
  const [known, setKnown] = useState<Known>();
  const [isLoading, setLoading] = useState(false);
  const [reason, setReason] = useState<string>();
  const [version, setVersion] = useState(0);
  const current = useRef(key);
  const changed = useRef<Set<string> | "all">(new Set());
  const isBusy = useRef(false);
  const shownKey = useRef<string>(undefined);
  const shownCount = useRef(0);
  /** The filter whose list is being read. */
  const asking = useRef<string>(undefined);
  current.current = key;
  shownKey.current = known?.key;
  shownCount.current = known?.list.length ?? 0;

  const ask = (more: string): Promise<EventView[]> =>
    call<EventView[]>(`events?maxChars=${MAX_CHARS}${current.current}${more}`);
  const toReason = (thrown: unknown): void =>
    setReason(thrown instanceof Error ? thrown.message : String(thrown));

  const readFirst = async (): Promise<void> => {
    const asked = current.current;
    asking.current = asked;
    // As many as are shown, so that who reads further down is not thrown back.
    const limit = asked === shownKey.current ? Math.min(MAX_READ, shownCount.current) : 0;
    const wanted = Math.max(PAGE, limit);
    try {
      const page = await ask(`&limit=${wanted}`);
      if (asked !== current.current) return;
      setKnown({ key: asked, list: page.toReversed(), hasOlder: page.length === wanted });
      setReason(undefined);
    } finally {
      asking.current = undefined;
    }
  };
  const readChanged = async (ids: readonly string[]): Promise<void> => {
    const asked = current.current;
    const fresh = await ask(`&ids=${ids.join(",")}`);
    // TABEVENTS-2
    setKnown((before) =>
      before?.key === asked ? { ...before, ...withChanged(before, ids, fresh) } : before,
    );
  };
  /** One call at a time, and none while the tab is hidden. */
  const catchUp = async (): Promise<void> => {
    if (isBusy.current || document.visibilityState !== "visible") return;
    isBusy.current = true;
    try {
      while (changed.current === "all" || changed.current.size > 0) {
        const ids = changed.current;
        changed.current = new Set();
        const isOther = shownKey.current !== current.current;
        if (ids === "all" || ids.size > NAMED_MAX || isOther) await readFirst();
        else await readChanged([...ids]);
        setVersion((before) => before + 1);
      }
    } catch (thrown) {
      // What could not be read is read as a whole the next time.
      changed.current = "all";
      toReason(thrown);
    } finally {
      isBusy.current = false;
    }
  };
  const note = (ids: readonly string[]): void => {
    if (ids.length === 0) changed.current = "all";
    else if (changed.current !== "all") for (const id of ids) changed.current.add(id);
    void catchUp();
  };
  useEffect(() => {
    const wake = (): void => void catchUp();
    document.addEventListener("visibilitychange", wake);
    const stop = keepStream({
      opened: () => note([]),
      pushed: (push) => push.kind === "events" && note(push.ids),
      lost: () => undefined,
      // The frame hears of it too.
      refused: () => undefined,
    });
    return () => {
      stop();
      document.removeEventListener("visibilitychange", wake);
    };
  }, []);
  useEffect(() => {
    if (known?.key !== key && asking.current !== key) note([]);
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
      const asked = key;
      ask(`&limit=${PAGE}&before=${last.id}`)
        .then((page) =>
          // TABEVENTS-2
          setKnown((before) =>
            before?.key === asked && before.list.at(-1)?.id === last.id
              ? {
                  ...before,
                  list: [...before.list, ...page.toReversed()],
                  hasOlder: page.length === PAGE,
                }
              : before,
          ),
        )
        .catch(toReason)
        .finally(() => setLoading(false));
    },
  };
}

function toQuery({ state, channel, text }: EventsFilter): string {
  return [
    ["state", state],
    ["channel", channel],
    ["text", text.trim()],
  ]
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `&${name}=${encodeURIComponent(value ?? "")}`)
    .join("");
}

/** `ids` were asked for; those of them that do not fit the filter (any more) did not come. */
function withChanged(
  { list, hasOlder }: Known,
  ids: readonly string[],
  fresh: readonly EventView[],
): Pick<Known, "list" | "hasOlder"> {
  const byId = new Map(fresh.map((event) => [event.id, event]));
  const asked = new Set(ids);
  const kept = list.flatMap((event) => (asked.has(event.id) ? (byId.get(event.id) ?? []) : event));
  const known = new Set(list.map(({ id }) => id));
  const oldest = list.at(-1)?.receivedAt ?? 0;
  // One that is older than all that is shown belongs to a page that was not loaded.
  const added = fresh.filter(
    ({ id, receivedAt }) => !known.has(id) && (!hasOlder || receivedAt >= oldest),
  );
  const all = [...added.toReversed(), ...kept];
  // TABEVENTS-1
  const most = Math.max(MAX_KEPT, list.length);
  return all.length <= most
    ? { list: all, hasOlder }
    : { list: all.slice(0, most), hasOlder: true };
}
