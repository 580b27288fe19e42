/**
 * Makes a prompt of a call that waits in its hook or in the client's relay, or joins it to an existing prompt.
 *
 * Owns: the stored part of the call, the prompt it belongs to, and answers by holds and rules. Never: notifies people, or hands an
 * answer out.
 * Everything here runs inside one `database.write`.
 *
 * CREATE-1 The same key twice is one call: a shim asks again after a restart, its own or the hub's.
 * CREATE-2 One call that comes in by hook and relay is one prompt; identical calls that wait at the same time are one prompt.
 * CREATE-3 Before people are asked, a hold of the session decides, then the owner's rules. No rule answers a question or accepts a
 *    plan.
 * CREATE-4 A run without a person (-p) waits for nobody: its client asks the hook and stands still until the hook answers.
 * CREATE-5 An agent without a person asks about every call. What is known to be harmless reading is allowed where no rule speaks of it.
 *
 * Observed of Claude Code 2.1.332: of several calls in one answer it asks about one at a time; only helpers ask side by side.
 */
import { randomInt } from "node:crypto";
import { newUlid } from "../../sdk/id.js";
import { addAsk, addPrompt, changeFacts, findAsk, findByCode, findHold, findPrompt, listPrompts, } from "../../store/prompts/prompts.js";
import { toLabel } from "../session/attachment.js";
import { toAuditLine, toVerdictLine } from "./audit.js";
import { hidesSomething, toFacts } from "./call.js";
import { maskSecrets } from "./show/mask.js";
import { describeRule, findRule } from "./rules/rules.js";
const DESCRIPTION_MAX_CHARS = 4_000;
const LETTERS = "abcdefghijkmnopqrstuvwxyz";
const CODE_CHARS = 5;
const CODE_TRIES = 50;
/** The relay's call, as it is kept. */
export function toRelayKey(attachment, session, requestId) {
    return `relay ${attachment} ${session} ${requestId}`;
}
export function takeHookAsk(options, attachment, ask, look) {
    const { db, dedup } = options;
    const { key, session, tool, input, cwd, agentId } = ask;
    const known = findKnown(db, key); // CREATE-1
    if (known !== undefined)
        return known;
    const { facts, answered } = consultRules(options, attachment, ask, look);
    const paired = dedup.take("hook", { session, tool, arguments: input });
    if (paired !== undefined) {
        const before = findPrompt(db, paired)?.prompt;
        if (before !== undefined) {
            join(options, key, before, "hook");
            // The hook knows everything, the relay showed a preview.
            if (before.state === "pending")
                changeFacts(db, { ...before, ...facts, cwd, ...toAgent(agentId) });
            return { prompt: reread(db, paired), kind: before.state === "pending" ? "changed" : "known" };
        }
    }
    const identical = listPrompts(db, { state: "pending", attachment: attachment.id, session }).find(({ prompt }) => prompt.tool === tool &&
        prompt.digest === facts.digest &&
        // The same words do another thing in another folder.
        prompt.cwd === cwd &&
        (prompt.agent ?? "") === agentId);
    if (identical !== undefined) {
        join(options, key, identical.prompt, "hook");
        dedup.note("hook", { prompt: identical.prompt.id, session, tool, arguments: input });
        return { prompt: reread(db, identical.prompt.id), kind: "changed" };
    }
    const isAttended = attachment.client.interactive;
    const opening = { facts, session, cwd, agentId, answered, isAttended };
    const taken = open(options, attachment, opening);
    addAsk(db, {
        key,
        prompt: taken.prompt.id,
        way: "hook",
        state: "waiting",
        askedAt: taken.prompt.createdAt,
    });
    dedup.note("hook", { prompt: taken.prompt.id, session, tool, arguments: input });
    return taken;
}
export function takeRelayAsk(options, attachment, { requestId, session, tool, preview, ...told }, facts) {
    const { db, dedup } = options;
    const description = maskSecrets(told.description.slice(0, DESCRIPTION_MAX_CHARS));
    const key = toRelayKey(attachment.id, session, requestId);
    const known = findKnown(db, key); // CREATE-1
    if (known !== undefined)
        return known;
    const paired = dedup.take("relay", { session, tool, arguments: preview });
    const before = paired === undefined ? undefined : findPrompt(db, paired)?.prompt;
    if (before !== undefined) {
        join(options, key, before, "relay");
        if (before.state === "pending" && before.description === undefined && description !== "")
            changeFacts(db, { ...before, description });
        return {
            prompt: reread(db, before.id),
            kind: before.state === "pending" ? "changed" : "known",
        };
    }
    const { cwd = attachment.client.cwd } = told;
    // CREATE-3 without rules: they are about whole arguments.
    const answered = findHeld(options, session);
    const taken = open(options, attachment, {
        facts,
        session,
        cwd,
        agentId: "",
        answered,
        isAttended: true,
        description,
    });
    addAsk(db, {
        key,
        prompt: taken.prompt.id,
        way: "relay",
        state: "waiting",
        askedAt: taken.prompt.createdAt,
    });
    dedup.note("relay", { prompt: taken.prompt.id, session, tool, arguments: preview });
    return taken;
}
/** Observed of Claude Code 2.1.332: PermissionRequest fires in -p as well, there is no dialog, and the run waits for the hook. */
const UNATTENDED_REASON = "a run without a person at it is not asked about: the client decides; a rule can allow the call";
function open(options, attachment, opening) {
    const { db, clock, expireAfterMs, note } = options;
    const { facts, session, cwd, agentId, answered, isAttended, description = "" } = opening;
    const now = clock.now();
    const end = answered !== undefined
        ? { state: "answered", outcome: answered }
        : isAttended
            ? { state: "pending" }
            : { state: "retired", reason: UNATTENDED_REASON }; // CREATE-4
    const prompt = {
        ...facts,
        id: `prm_${newUlid(now)}`,
        code: newCode(db),
        session,
        sessionName: toLabel(attachment),
        cwd,
        ...(description === "" ? {} : { description }),
        ...toAgent(agentId),
        count: 1,
        createdAt: now,
        expiresAt: now + expireAfterMs(),
        ...end,
    };
    addPrompt(db, { prompt, attachment: attachment.id });
    note(`session ${prompt.sessionName}`, "ask", toAuditLine(prompt));
    if (answered !== undefined)
        note(answered.by, "verdict", toVerdictLine(prompt, answered));
    return { prompt, kind: end.state === "pending" ? "asked" : "closed" };
}
/** A call whose prompt is over has nothing to wait for: what was answered by one way is never answered by the other one as well. */
function join({ db, clock }, key, prompt, way) {
    const state = prompt.state === "pending" ? "waiting" : "over";
    addAsk(db, { key, prompt: prompt.id, way, state, askedAt: clock.now() });
}
/** CREATE-3. What the rules say, and what they make of the call where they cannot say it for certain. */
function consultRules(options, attachment, ask, look) {
    const facts = toFacts(ask.tool, ask.input, look.assessment);
    const held = findHeld(options, ask.session);
    if (held !== undefined)
        return { facts, answered: held };
    const found = findCallRule(options, attachment, ask, look, facts);
    if (found === undefined)
        return { facts, answered: readByAgent(options, attachment, look) };
    const { rule, isCertain } = found;
    if (!isCertain)
        return { facts: addReason(facts, rule), answered: undefined };
    if (rule.action === "ask")
        return { facts, answered: undefined };
    const outcome = {
        by: rule.by,
        via: "rule",
        at: options.clock.now(),
        rule: String(rule.id),
    };
    const verdict = rule.action === "allow"
        ? { kind: "allow" }
        : { kind: "deny", reason: describeRule(rule) };
    return { facts, answered: { ...outcome, verdict } };
}
/** CREATE-5 */
function readByAgent({ clock }, { client }, { assessment }) {
    if (client.agent === undefined || assessment.kind !== "reading")
        return undefined;
    return { verdict: { kind: "allow" }, by: "hub", via: "policy", at: clock.now() };
}
/** The rule that covers a call, or may. */
export function findCallRule({ readRules }, attachment, { session, tool, input, cwd }, look, facts) {
    return findRule(readRules(), {
        ...look,
        tool,
        input,
        cwd,
        folder: attachment.client.cwd,
        session,
        sessionName: toLabel(attachment),
        exact: facts.exact,
        hidesSomething: hidesSomething(facts),
    });
}
function addReason(facts, rule) {
    const reasons = [`${describeRule(rule)}: it may speak of this`, ...facts.risk.reasons];
    return { ...facts, risk: { isRisky: true, reasons } };
}
function findHeld({ db, clock }, session) {
    const now = clock.now();
    const hold = findHold(db, session, now);
    if (hold === undefined)
        return undefined;
    const reason = hold.kind === "stop" ? STOP_REASON : HOLD_REASON;
    return { verdict: { kind: "deny", reason }, by: hold.by, via: "policy", at: now };
}
export const STOP_REASON = "the user has asked you to stop: do nothing more, say in one line where you stand, and wait for them";
export const HOLD_REASON = "everything that needs permission is denied for a while; go on with what needs none, or end your turn";
function findKnown(db, key) {
    const ask = findAsk(db, key);
    return ask === undefined ? undefined : { prompt: reread(db, ask.prompt), kind: "known" };
}
function reread(db, id) {
    const row = findPrompt(db, id);
    if (row === undefined)
        throw new Error(`prompt ${id} was removed while it was read`);
    return row.prompt;
}
function toAgent(agentId) {
    return agentId === "" ? {} : { agent: agentId };
}
/** One that no prompt has had lately: who answers too late should not hit another one. */
function newCode(db) {
    let code = "";
    for (let i = 0; i < CODE_TRIES; i++) {
        code = Array.from({ length: CODE_CHARS }, () => LETTERS[randomInt(LETTERS.length)]).join("");
        if (findByCode(db, code) === undefined)
            return code;
    }
    return code;
}
