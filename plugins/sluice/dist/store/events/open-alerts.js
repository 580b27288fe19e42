/** Marks an alert as open, with `event` as its latest word: earlier events of it need not be kept. */
export function openAlert(db, { channel, stateOf }, event) {
    db.run(`INSERT INTO firing (channel, state_of, event) VALUES (?, ?, ?)
     ON CONFLICT (channel, state_of) DO UPDATE SET event = excluded.event`, channel, stateOf, event);
}
export function closeAlert(db, { channel, stateOf }) {
    db.run("DELETE FROM firing WHERE channel = ? AND state_of = ?", channel, stateOf);
}
