/**
 * The vocabulary of events: arrival, stored event, sender, state.
 *
 * Owns: names and shapes. Never: behaviour.
 */
/** What a sender may do. None implies another. */
export const ROLES = ["source", "chatter", "approver", "owner"];
export const PRIORITIES = ["low", "normal", "urgent"];
/** Lanes that `SLUICE_LANE` may force. */
export const LANES = ["monitor", "channel", "pull"];
/**
 * What became of an event, in the order of life.
 * `stored` on disk, waiting. `offered` committed and handed to a lane: not yet proof of anything.
 * `seen` a turn that must have contained it ended. `done` answered or acknowledged.
 * `expired` too old to matter. `dead` five attempts without a receipt.
 */
export const DELIVERY_STATES = ["stored", "offered", "seen", "done", "expired", "dead"];
/** What makes an event `done`: `auto` seen is done, `reply` a reply or an ack, `explicit` an ack only. */
export const ACK_POLICIES = ["auto", "reply", "explicit"];
