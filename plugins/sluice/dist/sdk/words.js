/** The label under which a channel puts a sender's own new words. Forwarded, edited and answered text has other labels. */
export const OWN_WORDS = "message";
/** The sender's own words; empty for a forward, an edit, a file without a caption. Codes and commands are looked for only here. */
export function readOwnWords({ quotes }) {
    return quotes.find(({ label }) => label === OWN_WORDS)?.text ?? "";
}
