import { optionalId } from "./wire.js";
const ALBUM_MAX = 10;
/** What of these updates may be kept now, and the offset that says so. */
export function toBatch(updates, me, options, before) {
    const { log } = options;
    const taken = [];
    const moves = [];
    const albums = new Map();
    const starts = new Map();
    const unreadable = [];
    let offset;
    for (const update of updates) {
        const id = Number(optionalId(update, "update_id"));
        // Without an id it cannot be confirmed by itself; the next one confirms it.
        if (Number.isSafeInteger(id))
            offset = Math.max(offset ?? 0, id + 1);
        const reading = options.read(update, me);
        if (reading.kind === "moved") {
            moves.push({ from: reading.from, to: reading.to });
            continue;
        }
        if (reading.kind !== "arrival") {
            const facts = { updateId: Number.isSafeInteger(id) ? id : null, reason: reading.reason };
            if (reading.kind === "malformed") {
                unreadable.push(Number.isSafeInteger(id) ? id : 0);
                log.warn(facts, "an update that cannot be read is left behind");
            }
            else
                log.debug(facts, "an update is ignored");
            continue;
        }
        const { arrival, album, tap } = reading;
        const parts = album === undefined ? undefined : albums.get(album);
        if (parts !== undefined) {
            parts.push(arrival);
            continue;
        }
        if (album !== undefined) {
            albums.set(album, [arrival]);
            starts.set(album, { first: id, index: taken.length });
        }
        taken.push({ arrival, isOurs: options.isOurs(arrival), ...(tap === undefined ? {} : { tap }) });
    }
    const held = findHeld(albums, starts, before);
    for (const [album, parts] of albums) {
        const index = starts.get(album)?.index ?? 0;
        taken[index] = { arrival: mergeAlbum(parts, album), isOurs: false };
    }
    // What stands behind a held album comes again.
    const end = held?.first ?? offset ?? 0;
    const counted = { unreadable: unreadable.filter((id) => id < end).length };
    if (held === undefined)
        return { taken, moves, offset, ...counted, looks: undefined };
    // All of them: those that came together stand still together.
    const looks = new Map([...albums].map(([album, parts]) => [starts.get(album)?.first ?? 0, parts.length]));
    return { taken: taken.slice(0, held.index), moves, offset: held.first, ...counted, looks };
}
/** POLL-2: the first album that may still grow. */
function findHeld(albums, starts, before) {
    for (const [album, parts] of albums) {
        const start = starts.get(album);
        if (start === undefined || parts.length >= ALBUM_MAX)
            continue;
        if (before?.get(start.first) !== parts.length)
            return start;
    }
    return undefined;
}
/** The first picture's arrival with the files and words of all. Its id is the album's: however it was cut, it is kept once. */
function mergeAlbum(parts, album) {
    const [first, ...others] = parts;
    if (first === undefined)
        throw new TypeError("an album has at least one part");
    const files = parts.flatMap((part) => part.files ?? []);
    const account = first.chat?.account ?? "";
    // What is answered stands with every picture; what is said stands with one, as a rule with the first.
    const seen = new Set(first.quotes.map(({ label, text }) => `${label}\n${text}`));
    const quotes = [...first.quotes];
    for (const quote of others.flatMap((part) => part.quotes)) {
        const key = `${quote.label}\n${quote.text}`;
        if (!seen.has(key))
            quotes.push(quote);
        seen.add(key);
    }
    const [head = ""] = first.text.split("\n");
    return {
        ...first,
        text: parts.length === 1 ? first.text : `${head}\n(album of ${parts.length})`,
        quotes,
        ...(files.length === 0 ? {} : { files }),
        // A caption that names us may stand under any of them.
        ...(first.chat === undefined
            ? {}
            : {
                chat: {
                    ...first.chat,
                    isAddressed: parts.some((part) => part.chat?.isAddressed === true),
                },
            }),
        ack: parts.some((part) => part.ack === "reply") ? "reply" : first.ack,
        deliveryId: `${account}:album:${album}`,
    };
}
