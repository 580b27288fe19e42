/**
 * Deliveries as GitHub lists them, and what is kept of a list.
 *
 * Owns: both shapes, read from what anybody may have written. Pure. Never: asks for one.
 */
import { countAt, idAt, isTrueAt, listAt, textAt, timeAt } from "../../../sdk/json.js";
export function toListed(value) {
    return listAt({ list: value }, "list").flatMap((one) => {
        const [guid, id, at] = [textAt(one, "guid"), idAt(one, "id"), timeAt(one, "delivered_at")];
        const isWhole = guid !== undefined && /^[\w-]{1,128}$/.test(guid);
        return isWhole && id !== undefined && at !== undefined ? [{ guid, id, at }] : [];
    });
}
/** Adds a page. Of several attempts the first one says when it was due, and any has the payload. */
export function addListed(found, page) {
    const listed = toListed(page);
    for (const one of listed) {
        const before = found.get(one.guid);
        // The newest stands first: it is kept longest.
        found.set(one.guid, before === undefined ? one : { ...before, at: Math.min(before.at, one.at) });
    }
    return listed;
}
export function sortByTime(deliveries) {
    // Ids are numbers of any length.
    return deliveries.toSorted((a, b) => a.at - b.at || a.id.length - b.id.length || (a.id < b.id ? -1 : 1));
}
export function parseReconcileState(state) {
    const since = countAt(state, "since");
    if (since === undefined)
        return undefined;
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
