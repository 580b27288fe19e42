import { isInScope, readPosition } from "./event-feed.js";
const COLUMNS = "name, channels, unverified, loopback, created_at AS createdAt";
/** How many subscriptions of one client are remembered: a client may make up arguments without end. */
const MAX_TAKES = 200;
/** False where the name is taken. */
export function addEventClient(db, client, token) {
    const { name, channels, unverified, loopback, createdAt } = client;
    return (db.run("INSERT OR IGNORE INTO event_clients (name, token, channels, unverified, loopback, created_at) VALUES (?, ?, ?, ?, ?, ?)", name, token, JSON.stringify(channels), unverified ? 1 : 0, loopback ? 1 : 0, createdAt) === 1);
}
/** False where there is none. */
export function changeToken(db, name, token) {
    return db.run("UPDATE event_clients SET token = ? WHERE name = ?", token, name) === 1;
}
/** No client may read this channel any more: another one of its name is another one. */
export function withdrawChannel(db, channel) {
    db.run(`UPDATE event_clients SET channels = (SELECT json_group_array(value) FROM json_each(event_clients.channels) WHERE value <> ?)
     WHERE EXISTS (SELECT 1 FROM json_each(event_clients.channels) WHERE value = ?)`, channel, channel);
}
/** With all that it subscribed to. False where there is none. */
export function removeEventClient(db, name) {
    return db.run("DELETE FROM event_clients WHERE name = ?", name) === 1;
}
export function findEventClient(db, name) {
    const row = db.get(`SELECT ${COLUMNS} FROM event_clients WHERE name = ?`, name);
    return row && toClient(row);
}
/** By the hash of its token. */
export function findClientByToken(db, token) {
    const row = db.get(`SELECT ${COLUMNS} FROM event_clients WHERE token = ?`, token);
    return row && toClient(row);
}
export function listEventClients(db) {
    return db.all(`SELECT ${COLUMNS} FROM event_clients ORDER BY name`).map(toClient);
}
export function hasEventClients(db) {
    return db.get("SELECT 1 FROM event_clients LIMIT 1") !== undefined;
}
/**
 * The client's program has come to `position`. `begins`: it began there, or began anew: what lies before was not given to it, or is not
 * known. Where it goes back, it has what it had.
 */
export function saveTake(db, { client, name, args }, { position, begins, scope }, now) {
    const known = db.get("SELECT since, position FROM event_takes WHERE client = ? AND name = ? AND arguments = ?", client, name, args);
    if (known !== undefined && (begins ? known.position === position : known.position >= position))
        return;
    const since = begins || known === undefined ? position : known.since;
    db.run("INSERT OR REPLACE INTO event_takes (client, name, arguments, scope, since, position, taken_at) VALUES (?, ?, ?, ?, ?, ?, ?)", client, name, args, JSON.stringify(scope), since, position, now);
    if (known !== undefined)
        return;
    db.run(`DELETE FROM event_takes WHERE client = ? AND (name, arguments) NOT IN (
       SELECT name, arguments FROM event_takes WHERE client = ? ORDER BY taken_at DESC LIMIT ?)`, client, client, MAX_TAKES);
}
export function listTakes(db) {
    return db.all("SELECT client, name, arguments AS args, since, position, taken_at AS takenAt FROM event_takes ORDER BY client, name, arguments");
}
/** Whose program has this event. That a model has read it nobody knows. */
export function listTakers(db, event) {
    const position = readPosition(db, event);
    return db
        .all(`SELECT client, name, taken_at AS at, scope FROM event_takes WHERE since < ? AND position >= ?
       UNION ALL SELECT client, name, last_at AS at, scope FROM event_callbacks WHERE since < ? AND position >= ? AND last_at IS NOT NULL
       ORDER BY 1, 2`, position, position, position, position)
        .filter(({ scope }) => isInScope(JSON.parse(scope), event))
        .map(({ client, name, at }) => ({ client, name, at }));
}
function toClient({ channels, unverified, loopback, ...row }) {
    return {
        ...row,
        // Written by addEventClient.
        channels: JSON.parse(channels),
        unverified: unverified === 1,
        loopback: loopback === 1,
    };
}
