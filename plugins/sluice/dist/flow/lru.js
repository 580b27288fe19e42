/**
 * A bound on the size of a map.
 *
 * Owns: which entry is evicted. Never: knows what an entry means.
 */
/** Sets an entry of a map of at most `max` entries; evicts the one that was set longest ago. */
export function setLru(map, key, value, max) {
    map.delete(key);
    map.set(key, value);
    const [first] = map.keys();
    if (map.size > max && first !== undefined)
        map.delete(first);
}
