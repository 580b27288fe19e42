/**
 * Deliveries as GitHub lists them, and what is kept of a list.
 *
 * Owns: both shapes, read from what anybody may have written. Pure. Never: asks for one.
 */
import { countAt, idAt, isTrueAt, listAt, textAt, timeAt } from "../../../sdk/json.ts";

/** `guid` is the event's own, the same for each attempt to deliver it; `id` is an attempt's. `at` is epoch ms, by GitHub's clock. */
export type ListedDelivery = { guid: string; id: string; at: number };

export type ReconcileState = {
  /** Deliveries up to this time are handled. */
  since: number;
  /** `since` is the moment at which the channel was added, by our own clock: nothing before it is news. */
  isOurTime?: boolean;
  /** Those around that time that made no event: they are not asked for again. */
  handled: readonly { guid: string; at: number }[];
  /** Of the first page, where nothing of it is left to do. */
  etag?: string | undefined;
  hook?: string | undefined;
};

export function toListed(value: unknown): ListedDelivery[] {
  return listAt({ list: value }, "list").flatMap((one) => {
    const [guid, id, at] = [textAt(one, "guid"), idAt(one, "id"), timeAt(one, "delivered_at")];
    const isWhole = guid !== undefined && /^[\w-]{1,128}$/.test(guid);
    return isWhole && id !== undefined && at !== undefined ? [{ guid, id, at }] : [];
  });
}

/** Adds a page. Of several attempts the first one says when it was due, and any has the payload. */
export function addListed(found: Map<string, ListedDelivery>, page: unknown): ListedDelivery[] {
  const listed = toListed(page);
  for (const one of listed) {
    const before = found.get(one.guid);
    // The newest stands first: it is kept longest.
    found.set(
      one.guid,
      before === undefined ? one : { ...before, at: Math.min(before.at, one.at) },
    );
  }
  return listed;
}

export function sortByTime(deliveries: readonly ListedDelivery[]): ListedDelivery[] {
  // Ids are numbers of any length.
  return deliveries.toSorted(
    (a, b) => a.at - b.at || a.id.length - b.id.length || (a.id < b.id ? -1 : 1),
  );
}

export function parseReconcileState(state: unknown): ReconcileState | undefined {
  const since = countAt(state, "since");
  if (since === undefined) return undefined;
  const handled = listAt(state, "handled").flatMap((one) => {
    const [guid, at] = [textAt(one, "guid"), countAt(one, "at")];
    return guid === undefined || at === undefined ? [] : [{ guid, at }];
  });
  const [etag, hook] = [textAt(state, "etag"), idAt(state, "hook")];
  return {
    since,
    handled,
    ...(isTrueAt(state, "isOurTime") && { isOurTime: true }),
    ...(etag !== undefined && { etag }),
    ...(hook !== undefined && { hook }),
  };
}
