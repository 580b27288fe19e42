const RECENT_ROWS = 100;
/** Messages of a session since then, oldest first; looked for among the newest alone, since a hook waits for this. */
export function listSentSince(db, session, since) {
    return db.all(`SELECT o.channel, o.state, o.reason, substr(o.text, 1, 300) AS text, COALESCE(e.sender_name, e.sender_id, o.chat_id) AS "to"
     FROM outbox o LEFT JOIN events e ON e.id = o.event
     WHERE o.id IN (SELECT id FROM outbox ORDER BY id DESC LIMIT ${RECENT_ROWS})
       AND o.session = ? AND o.created_at >= ? AND o.kind IN ('reply', 'send') ORDER BY o.id`, session, since);
}
