const COLUMNS = `seq, id, channel, kind, priority, ack, entity, state_of AS stateOf, chat_id AS chatId, occurred_at AS occurredAt,
  address, attempts, attempts_before AS attemptsBefore,
  CASE WHEN json_valid(meta)
    THEN COALESCE(json_extract(meta, '$.status'), json_extract(meta, '$.conclusion'), json_extract(meta, '$.state')) END AS status,
  CASE WHEN json_valid(meta) THEN json_extract(meta, '$.severity') END AS severity`;
const PRIORITIES = ["urgent", "normal", "low"];
const LIST_AT = `SELECT ${COLUMNS} FROM events WHERE state = 'stored' AND address = ? AND priority = ? AND seq < ?
  ORDER BY seq LIMIT ?`;
/** Waiting events that a claim covers, urgent first, low last, each in order of acceptance. */
export function listWaiting(db, claim, limit) {
    const events = [];
    for (const priority of PRIORITIES) {
        if (events.length < limit)
            events.push(...listOldest(db, claim, priority, limit - events.length));
    }
    return events;
}
/** Each address by the index, so that a million waiting events are not sorted for one note; and only as far as it may still count. */
function listOldest(db, claim, priority, limit) {
    let oldest = [];
    for (const address of claim.addresses) {
        const last = oldest.length < limit ? undefined : oldest.at(-1);
        const found = db.all(LIST_AT, address, priority, last?.seq ?? Number.MAX_SAFE_INTEGER, limit);
        if (oldest.length === 0)
            oldest = found;
        else if (found.length > 0)
            oldest = [...oldest, ...found].toSorted((a, b) => a.seq - b.seq).slice(0, limit);
    }
    return oldest;
}
/** What waits of one entity, oldest first. */
export function listWaitingOf(db, claim, { channel, entity }, limit) {
    // The plus: found by the entity, of which there are few, not by the address.
    return db.all(`SELECT ${COLUMNS} FROM events WHERE state = 'stored' AND channel = ? AND entity = ?
       AND +address IN (SELECT value FROM json_each(?)) ORDER BY seq LIMIT ?`, channel, entity, JSON.stringify(claim.addresses), limit);
}
const COUNT_AT = `SELECT COUNT(*) AS count, COALESCE(SUM(priority = 'urgent'), 0) AS urgent
  FROM (SELECT priority FROM events WHERE state = 'stored' AND address = ? LIMIT ?)`;
const COUNT_URGENT_AT = "SELECT COUNT(*) AS count FROM (SELECT 1 FROM events WHERE state = 'stored' AND address = ? AND priority = 'urgent' LIMIT ?)";
/** How much waits for a claim, by channel; counts at most `cap` events. */
export function summariseWaiting(db, claim, cap) {
    const counts = new Map();
    let total = 0;
    let urgent = 0;
    for (const address of claim.addresses) {
        if (total >= cap && urgent >= cap)
            break;
        const room = cap - total;
        const all = db.get(COUNT_AT, address, room);
        const count = all?.count ?? 0;
        // Where not all of it was counted, urgent ones may stand behind: the index has them last.
        const pressing = count < room
            ? (all?.urgent ?? 0)
            : (db.get(COUNT_URGENT_AT, address, cap - urgent)?.count ?? 0);
        total += count;
        urgent = Math.min(cap, urgent + pressing);
        if (count + pressing === 0)
            continue;
        const channel = toChannel(address);
        const known = counts.get(channel) ?? { count: 0, urgent: 0 };
        counts.set(channel, { count: known.count + count, urgent: known.urgent + pressing });
    }
    const rows = [...counts].filter(([, { count }]) => count > 0);
    rows.sort(([, a], [, b]) => Number(b.urgent > 0) - Number(a.urgent > 0) || b.count - a.count);
    return {
        total,
        urgent,
        byChannel: Object.fromEntries(rows.map(([channel, { count }]) => [channel, count])),
        capped: total >= cap,
    };
}
/** The last part of an address, which the events table makes (schema 003). */
function toChannel(address) {
    const parts = JSON.parse(address);
    return parts.at(-1) ?? "";
}
const OLDEST = (which) => `MIN((SELECT stored_at FROM events x WHERE x.state = 'stored' AND x.address = a.value AND ${which} ORDER BY x.seq LIMIT 1))`;
const READ_DUE = `SELECT ${OLDEST("x.priority = 'urgent'")} AS urgentSince,
  ${OLDEST("x.ack = 'reply' AND x.priority <> 'low'")} AS owedSince,
  ${OLDEST("x.priority = 'normal'")} AS normalSince, ${OLDEST("x.priority = 'low'")} AS lowSince
  FROM json_each(?) a`;
export function readDue(db, claim) {
    const row = db.get(READ_DUE, JSON.stringify(claim.addresses));
    return {
        urgentSince: row?.urgentSince ?? undefined,
        owedSince: row?.owedSince ?? undefined,
        normalSince: row?.normalSince ?? undefined,
        lowSince: row?.lowSince ?? undefined,
    };
}
const HEADLINE = (event) => `substr(${event}.text, 1, 300) AS text,
  CASE WHEN json_valid(${event}.quotes) THEN json_extract(${event}.quotes, '$[0].label') END AS label,
  CASE WHEN json_valid(${event}.quotes) THEN substr(json_extract(${event}.quotes, '$[0].text'), 1, 300) END AS quote`;
export function readHeadline(db, id) {
    return db.get(`SELECT ${HEADLINE("e")} FROM events e WHERE e.id = ?`, id);
}
export function readGlance(db, id) {
    return db.get(`SELECT e.channel, e.kind, e.chat_id AS chatId, COALESCE(e.sender_name, e.sender_id) AS sender, ${HEADLINE("e")}
     FROM events e WHERE e.id = ?`, id);
}
/** The events about the same thing for which this one stood in what a session was given, oldest first. */
export function listMerged(db, id, session) {
    return db.all(`SELECT e.id, e.kind, e.received_at AS receivedAt, ${HEADLINE("e")} FROM events e
     WHERE e.id IN (SELECT event FROM deliveries WHERE merged_into = ? AND session = ?)
       AND (e.channel, e.entity) = (SELECT channel, entity FROM events WHERE id = ?) ORDER BY e.seq`, id, session, id);
}
/** Every address at which something waits. Jumps from one to the next: the waiting events themselves are not read. */
export function listWaitingAddresses(db) {
    return db
        .all(`WITH RECURSIVE waiting (address) AS (
         SELECT MIN(address) FROM events WHERE state = 'stored'
         UNION ALL
         SELECT (SELECT MIN(address) FROM events WHERE state = 'stored' AND address > waiting.address)
         FROM waiting WHERE waiting.address IS NOT NULL
       ) SELECT address FROM waiting WHERE address IS NOT NULL`)
        .map((row) => row.address);
}
/** The addresses of those of these events that wait. */
export function listAddressesOf(db, events) {
    return db
        .all(`SELECT DISTINCT e.address FROM json_each(?) given CROSS JOIN events e ON e.id = given.value
       WHERE e.state = 'stored'`, JSON.stringify(events))
        .map((row) => row.address);
}
/** How much waits at an address, counted up to `cap`, and since when (epoch ms). */
export function readAddress(db, address, cap) {
    const row = db.get(`SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM events WHERE state = 'stored' AND address = ? LIMIT ?)) AS count,
       (SELECT MIN(stored_at) FROM (
         SELECT (SELECT stored_at FROM events WHERE state = 'stored' AND address = ? AND priority = p.value ORDER BY seq LIMIT 1) AS stored_at
         FROM json_each('["urgent","normal","low"]') p)) AS since`, address, cap, address);
    return row === undefined || row.since === null
        ? undefined
        : { count: row.count, since: row.since };
}
