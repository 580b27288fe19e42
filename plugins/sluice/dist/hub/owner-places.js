import { findLastFrom } from "../store/outbox/open-chats.js";
/** Owners with a chat of their own, as far as they are not told yet. */
export function listOwnerPlaces(options) {
    const { policy, has, except, isEverywhere } = options;
    const { persons } = policy.rules;
    const owners = policy.counting.filter(({ channel, chatId, roles }) => roles.includes("owner") && chatId !== "" && has(channel));
    const personOf = ({ channel, id }) => persons.find((one) => one.channel === channel && one.id === id);
    const groups = Map.groupBy(owners, (one) => isEverywhere ? one : (personOf(one)?.person ?? one));
    return [...groups.values()].flatMap((places) => {
        if (places.some((one) => isSame(one, except)))
            return [];
        return [choose(places, (one) => personOf(one)?.preferred === true, options)];
    });
}
function choose(places, isPreferred, { db, notices }) {
    const [first] = places;
    if (first === undefined)
        throw new TypeError("a person without a place");
    if (places.length === 1)
        return first;
    const wanted = places.find(isPreferred) ?? places.find((one) => isSame(one, notices));
    if (wanted !== undefined)
        return wanted;
    const seen = places.map((place) => ({ place, seq: findLastFrom(db, place) ?? 0 }));
    return seen.reduce((best, one) => (one.seq > best.seq ? one : best)).place;
}
function isSame(one, other) {
    return one.channel === other?.channel && one.chatId === other.chatId;
}
