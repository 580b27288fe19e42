export function toChatStatus({ sessions, events }, channel) {
    const open = sessions.filter(({ target }) => target);
    const busy = open.filter((session) => session.busy).length;
    const waiting = (events["stored"] ?? 0) + (events["offered"] ?? 0);
    return [
        `${channel} is connected.`,
        open.length === 0
            ? "No session is open: your messages wait for the next one."
            : `${toCount(open.length, "session")} open, ${busy} at work.`,
        waiting === 0 ? "Nothing waits." : `${toCount(waiting, "event")} not yet read.`,
    ];
}
function toCount(count, what) {
    return `${count} ${what}${count === 1 ? "" : "s"}`;
}
