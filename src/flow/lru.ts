/**
 * Maps that must not grow for ever.
 *
 * Owns: which entry goes. Never: knows what one means.
 */

/** Sets an entry of a map that holds `max` at most: the one that was set longest ago goes. */
export function setLru<K, V>(map: Map<K, V>, key: K, value: V, max: number): void {
  map.delete(key);
  map.set(key, value);
  const [first] = map.keys();
  if (map.size > max && first !== undefined) map.delete(first);
}
