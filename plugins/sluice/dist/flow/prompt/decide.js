import { closePrompt, findByCode, findPrompt } from "../../store/prompts/prompts.js";
import { addPromptRule, countPromptRules, MAX_RULES } from "../../store/prompts/prompt-rules.js";
import { toVerdictLine } from "./audit.js";
import { toKeptRule } from "./rules/keep.js";
import { toRuleLine } from "./rules/rule-words.js";
import { checkVerdict, toCode, toKeptVerdict } from "./verdict.js";
import { addLock, addTry, countTries, readLock } from "../../store/access/codes.js";
/** Runs inside `database.write`. `ref` is an id, or the code that was typed. */
export function writeVerdict(options, by, ref, verdict, typedCode) {
    const { db, clock } = options;
    const now = clock.now();
    // DECIDE-1
    if (by.via === "chat" && !options.isApprover(by))
        return { kind: "refused", reason: `${by.who} is no approver here` };
    // DECIDE-3
    const isGuess = !ref.startsWith("prm_") || typedCode !== undefined;
    const lockedUntil = isGuess ? readPromptLock(db, by, now) : 0;
    if (lockedUntil > now)
        return { kind: "locked", untilMs: lockedUntil };
    const wrongCode = () => addWrongCode(db, by, now);
    const code = ref.startsWith("prm_") ? undefined : toCode(ref);
    const found = code === undefined ? findPrompt(db, ref) : findByCode(db, code);
    if (found === undefined) {
        const until = wrongCode();
        return until > now ? { kind: "locked", untilMs: until } : { kind: "unknown" };
    }
    const { prompt } = found;
    if (prompt.state !== "pending")
        return { kind: "late", prompt };
    // What a person types to name the prompt is its code, typed. A page and a button know the id.
    const typed = typedCode ?? (by.via === "page" || by.via === "push" ? undefined : code);
    const refusal = checkVerdict(prompt, by, verdict, typed);
    if (refusal?.kind === "needs-code" && typed !== undefined) {
        const until = wrongCode();
        if (until > now)
            return { kind: "locked", untilMs: until };
    }
    if (refusal !== undefined)
        return refusal;
    if (verdict.kind === "allow" && verdict.keep !== undefined && countPromptRules(db) >= MAX_RULES)
        return {
            kind: "refused",
            reason: `there are ${MAX_RULES} rules already; "sluice rule remove <n>" makes room`,
        };
    const folder = options.readFolder(found.attachment);
    if (verdict.kind === "allow" && verdict.keep === "edits" && folder === "")
        return { kind: "refused", reason: "its session is not connected, so its folder is not known" };
    const outcome = { verdict: toKeptVerdict(prompt, verdict), by: by.who, via: by.via, at: now };
    if (!closeWith(options, prompt, outcome))
        return { kind: "late", prompt: findPrompt(db, prompt.id)?.prompt ?? prompt };
    const answered = { ...prompt, state: "answered", outcome };
    if (verdict.kind !== "allow" || verdict.keep === undefined)
        return { kind: "done", prompt: answered };
    const rule = addPromptRule(db, toKeptRule(prompt, verdict.keep, { by: by.who, at: now, folder }));
    const line = toRuleLine(rule);
    options.note(by.who, "rule-add", line);
    return { kind: "done", prompt: answered, rule: { id: rule.id, line } };
}
/** Answers a prompt in the name of whoever has decided. False when another end came first (DECIDE-2). Inside `database.write`. */
export function closeWith({ db, note }, prompt, outcome) {
    if (!closePrompt(db, prompt.id, { state: "answered", at: outcome.at, outcome }))
        return false;
    note(outcome.by, "verdict", toVerdictLine(prompt, outcome));
    return true;
}
const WINDOW_MS = 600_000;
const MAX_TRIES = 3;
/** Other codes are counted for an hour in the same table. */
const KEEP_MS = 3_600_000;
/** Until when nothing of this one is looked at (epoch ms); 0 when they are free. */
function readPromptLock(db, by, now) {
    const { place, who } = toKey(by);
    const until = readLock(db, place, who, now);
    // A lock that lies further away than one can be was set by a clock that has been set back since.
    return until - now > WINDOW_MS ? 0 : until;
}
/** Counts a wrong code; inside `db.write`. Returns the end of the lock that it brought, or 0. */
function addWrongCode(db, by, now) {
    const { place, who } = toKey(by);
    addTry(db, place, who, now, now - KEEP_MS);
    if (countTries(db, place, who, now - WINDOW_MS).sender < MAX_TRIES)
        return 0;
    const until = now + WINDOW_MS;
    addLock(db, place, who, until);
    return until;
}
/** A space keeps these apart from every channel's name. */
function toKey({ via, who, channel, account = "", senderId = who }) {
    return {
        place: `prompts ${channel ?? via}`,
        who: channel === undefined ? who : `${account} ${senderId}`,
    };
}
