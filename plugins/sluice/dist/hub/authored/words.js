/** An older fault says nothing of how it is doing now. */
const FAULT_MS = 24 * 3_600_000;
const SHOWN = 3;
export function toCodeView(name, view, now) {
    const { from, digest, version, secrets, changed, figures } = view;
    return {
        from,
        digest,
        secrets: [...secrets],
        ...(version === undefined ? {} : { version }),
        ...(figures.pid === undefined ? {} : { pid: figures.pid }),
        ...(changed.length === 0 ? {} : { changed: [...changed] }),
        ends: figures.ends,
        ...(figures.lastFault === undefined ? {} : { lastFault: figures.lastFault }),
        notes: [...toChangedNote(name, changed), ...toFaultNote(figures, now)],
    };
}
function toChangedNote(name, changed) {
    if (changed.length === 0)
        return [];
    const more = changed.length > SHOWN ? ` and ${changed.length - SHOWN} more` : "";
    return [
        `${changed.slice(0, SHOWN).join(", ")}${more} changed on disk; it runs as it was added until "sluice reload ${name}"`,
    ];
}
function toFaultNote({ ends, lastFault, faults }, now) {
    if (lastFault === undefined || now - lastFault.at > FAULT_MS)
        return [];
    const often = faults === 1 ? "" : `, one of ${faults}`;
    const ended = ends === 0 ? "" : `; its process has ended ${ends} times since the hub started`;
    return [`its code failed ${toAgo(now - lastFault.at)}${often}: ${lastFault.text}${ended}`];
}
function toAgo(ms) {
    const minutes = Math.round(ms / 60_000);
    if (minutes < 1)
        return "just now";
    return minutes < 90 ? `${minutes} min ago` : `${Math.round(minutes / 60)} h ago`;
}
