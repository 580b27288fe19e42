import { Hono } from "../../vendor/hono.js";
import { SluiceError } from "../../sdk/errors.js";
import { checkAudit, listAudit } from "../../store/access/audit.js";
import { listInvites, listPairings } from "../../store/access/codes.js";
import { accessAskSchema, accessConfirmSchema, accessExplainSchema, accessFindSchema, accessRejectSchema, auditQuerySchema, } from "../wire/access-wire.js";
import { body, query } from "./parse.js";
export function createAccessRoutes(options) {
    const { db, access: { admin }, toCaller, } = options;
    return new Hono()
        .get("/access", (c) => c.json(describeAccess(options)))
        .get("/access/log", query(auditQuerySchema), (c) => c.json(listAudit(db, c.req.valid("query").limit)))
        .post("/access/changes", body(accessAskSchema), async (c) => {
        const { change, caller, lastFour } = c.req.valid("json");
        if (change.kind !== "pair-code")
            return c.json(await admin.ask(change, toCaller(caller), lastFour));
        const { hash } = await admin.find(change.code, toCaller(caller));
        const pair = {
            kind: "pair",
            pairing: hash,
            ...(change.roles && { roles: change.roles }),
        };
        return c.json(await admin.ask(pair, toCaller(caller), lastFour));
    })
        .post("/access/explain", body(accessExplainSchema), (c) => c.json({ summary: admin.explain(c.req.valid("json").change) }))
        .post("/access/pairings/find", body(accessFindSchema), async (c) => {
        const { code, caller } = c.req.valid("json");
        return c.json(toPerson(await admin.find(code, toCaller(caller))));
    })
        .post("/access/requests/:number/confirm", body(accessConfirmSchema), async (c) => {
        const { caller, lastFour } = c.req.valid("json");
        return c.json(await admin.confirm(toNumber(c.req.param("number")), toCaller(caller), lastFour));
    })
        .post("/access/requests/:number/reject", body(accessRejectSchema), async (c) => {
        const number = toNumber(c.req.param("number"));
        await admin.reject(number, toCaller(c.req.valid("json").caller));
        return c.json({ number });
    });
}
function describeAccess({ db, clock, access }) {
    const { policy, admin, listPolicies } = access;
    const { state, rules } = policy;
    const now = clock.now();
    const { rows, damage, healed } = checkAudit(db);
    return {
        state: state.kind,
        ...(state.kind === "damaged" ? { reason: state.reason } : {}),
        channels: listPolicies(),
        senders: rules.senders,
        groups: rules.groups,
        contacts: rules.contacts,
        persons: rules.persons.map((one) => ({ ...one, counts: toCounting(policy.counting, one) })),
        invites: listInvites(db, now).map(({ channel, roles, expiresAt }) => ({
            channel,
            // Written by the hub as a JSON list; one that was damaged opens nothing, and is shown as it is.
            roles: roles.match(/[a-z]+/g) ?? [],
            expiresAt,
        })),
        pairings: listPairings(db, now).map(toPerson),
        requests: admin.listWaiting().map(toRequest),
        defaultRoles: [...admin.toDefaultRoles()],
        audit: { rows, damage, healed },
    };
}
function toRequest({ id, person, ...rest }) {
    return { number: id, ...rest, ...(person === undefined ? {} : { person: toPerson(person) }) };
}
/** Without the hash of its code. */
function toPerson(pairing) {
    const { channel, account, sender, name, createdAt, expiresAt } = pairing;
    return { channel, account, id: sender, name, createdAt, expiresAt };
}
function toNumber(text) {
    const number = Number(text);
    if (Number.isSafeInteger(number) && number > 0)
        return number;
    throw new SluiceError("bad_input", `"${text}" is not the number of a change that waits`);
}
/** The roles that count at a place. */
function toCounting(senders, { channel, id }) {
    return [
        ...new Set(senders.flatMap((one) => (one.channel === channel && one.id === id ? one.roles : []))),
    ];
}
