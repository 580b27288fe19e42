import { SluiceError } from "../../sdk/errors.js";
import { findSession, findSuccessor, listCalled, readEndReason, readLabel, setLabel, setSuccessor, } from "../../store/sessions/session-names.js";
import { saveSession } from "../../store/sessions/sessions.js";
import { moveSubscriptions } from "../../store/events/subscriptions.js";
import { toTargetText } from "../../store/events/target.js";
import { changeLabel, toLabel, toSessionRecord } from "../session/attachment.js";
import { WITHOUT_PLUGIN } from "../lanes/choose-lane.js";
import { choose } from "./route.js";
const LABEL_MAX_CHARS = 64;
/** NAME-1. Open sessions come first; of closed ones the last active is meant. */
function toMeant(name, db, leases) {
    const open = [...leases];
    if (open.some((one) => one.session === name))
        return { kind: "one", session: name, isId: true };
    const known = findSession(db, name);
    if (known !== undefined)
        return { kind: "one", session: findSuccessor(db, known.id), isId: true };
    const bearers = open.filter((one) => toLabel(one) === name);
    const attended = bearers.filter((one) => one.target);
    const called = [
        ...new Set((attended.length > 0 ? attended : bearers).map(({ session }) => session)),
    ];
    if (called.length > 1)
        return { kind: "many", sessions: called };
    const [first] = called.length === 1 ? called : listCalled(db, name).map(({ id }) => id);
    return first === undefined ? { kind: "none" } : { kind: "one", session: first, isId: false };
}
/**
 * Whom a sender means, as it is kept with the event: of several open ones first the last active. A name that nobody has waits for a
 * session that is called so.
 */
export function toTarget(name, db, leases) {
    const meant = toMeant(name, db, leases);
    switch (meant.kind) {
        case "one":
            return toTargetText({ session: meant.session, name: meant.isId ? meant.session : name });
        case "many": {
            const called = [...leases].filter((one) => meant.sessions.includes(one.session));
            return toTargetText({ session: choose(called, "target")?.session ?? name, name });
        }
        case "none":
            return name;
        default:
            return meant;
    }
}
/** @throws SluiceError `not_found`, or `conflict` where several are called so. */
export function requireSession(name, options) {
    const meant = toMeant(name, options.db, options.delivery.leases);
    if (meant.kind === "one")
        return meant.session;
    if (meant.kind === "many") {
        throw new SluiceError("conflict", `${meant.sessions.length} sessions are called "${name}"; take an id (${meant.sessions.join(", ")}) or name them with "sluice sessions label"`);
    }
    throw new SluiceError("not_found", `no session is called "${name}"; "sluice sessions" lists those that are open`);
}
/** Names a session, or with an empty text takes its name back. */
export async function nameSession(name, label, options) {
    const { db, clock, delivery } = options;
    const text = label.trim();
    if (text.length > LABEL_MAX_CHARS || /\p{Cc}/u.test(text)) {
        throw new SluiceError("bad_input", `a label has at most ${LABEL_MAX_CHARS} characters in one line`);
    }
    const session = requireSession(name, options);
    const meant = text === "" ? undefined : toMeant(text, db, delivery.leases);
    if (meant !== undefined && meant.kind === "one" && meant.session !== session) {
        throw new SluiceError("conflict", `another session is called "${text}"; choose another label`);
    }
    const attachment = [...delivery.leases].find((one) => one.session === session);
    const known = findSession(db, session);
    const row = {
        id: session,
        attachment: attachment?.id ?? "",
        cwd: attachment?.client.cwd ?? known?.cwd ?? "",
        lane: (attachment?.lane ?? WITHOUT_PLUGIN).name,
    };
    await db.write(() => setLabel(db, row, text === "" ? null : text, clock.now()));
    if (attachment !== undefined)
        changeLabel(attachment, text === "" ? undefined : text);
    delivery.rerouted();
    return { session, label: text === "" ? null : text };
}
/**
 * An attachment has another conversation open than before (NAME-2): its row is written, and its label read again.
 * @throws SluiceError store_*: then nothing has gone with it, and it is to be tried again.
 */
export async function succeed(attachment, before, now, { db, delivery }) {
    await db.write(() => {
        const isCleared = readEndReason(db, before) === "clear";
        saveSession(db, toSessionRecord(attachment, now));
        if (isCleared) {
            setSuccessor(db, before, attachment.session);
            moveSubscriptions(db, before, attachment.session);
        }
        changeLabel(attachment, readLabel(db, attachment.session));
        // What was for the old conversation is not for this client any more, from this turn on.
        delivery.rerouted();
    });
    delivery.watchers.reload();
}
