/** Nothing is certain but this. */
export const UNLISTED = "not on the list of harmless calls";
export function toWhyCode({ reasons }) {
    return reasons.length === 0 ? UNLISTED : reasons.join("; ");
}
