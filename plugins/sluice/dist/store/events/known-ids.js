export function findKnownIds(db, channel, deliveryIds) {
    return new Set(deliveryIds.filter((id) => db.get("SELECT 1 AS found FROM delivery_ids WHERE channel = ? AND delivery_id = ?", channel, id) !== undefined));
}
