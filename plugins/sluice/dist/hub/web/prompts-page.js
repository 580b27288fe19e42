/**
 * Approvals in the browser: the prompts that wait, one whole prompt, verdicts, and the history.
 *
 * Owns: the page's routes about prompts, and the parts of a prompt that a browser gets. Never: decides one (flow/prompt/prompt.ts) or who
 * is signed in.
 *
 * PAGEPROMPT-1 Every text is made visible and masked here: the page does not interpret it again.
 * PAGEPROMPT-2 A verdict belongs to the call that was shown: a call that has changed since is shown again instead.
 * PAGEPROMPT-3 A browser allows only if its sign-in includes that; every signed-in browser may deny.
 * PAGEPROMPT-4 A browser that came through the tunnel makes no rule: it allows a call once.
 */
import { Hono } from "../../vendor/hono.js";
import { pageAwaySchema, pageVerdictSchema, promptHistoryQuerySchema, promptIdPattern, } from "../../api/wire/approvals-wire.js";
import { body, query } from "../../api/routes/parse.js";
import { listKeeps } from "../../flow/prompt/rules/keep.js";
import { describeOutcome } from "../../flow/prompt/verdict.js";
import { toVisible } from "../../flow/prompt/show/visible.js";
import { SluiceError } from "../../sdk/errors.js";
const OPEN_MAX = 200;
const HEADLINE_FROM_CHARS = 600;
const HEADLINE_MAX_CHARS = 160;
export function createPromptsPageRoutes({ prompts, away, clock, readAfterMs }) {
    const find = (id) => {
        // Ids only: a code is typed by people, and is not looked up for a page.
        const prompt = promptIdPattern.test(id) ? prompts.find(id) : undefined;
        if (prompt === undefined)
            throw new SluiceError("not_found", "no such prompt; it may be older than the history kept");
        return prompt;
    };
    return new Hono()
        .get("/prompts", (c) => {
        const view = {
            now: clock.now(),
            mayAllow: c.var.session.mayAllow,
            open: prompts.list({ state: "pending", limit: OPEN_MAX }).map(toPromptLine),
            away: { isAway: away.isAway },
            afterMs: readAfterMs?.(),
        };
        return c.json(view);
    })
        .get("/prompts/history", query(promptHistoryQuerySchema), (c) => {
        const { before, limit } = c.req.valid("query");
        const page = prompts.list({ before, limit });
        const next = page.length < limit ? undefined : page.at(-1)?.id;
        const view = {
            prompts: page.filter(({ state }) => state !== "pending").map(toPromptLine),
            ...(next === undefined ? {} : { next }),
        };
        return c.json(view);
    })
        .get("/prompts/:id", (c) => {
        const prompt = find(c.req.param("id"));
        const hold = prompts.holds.read(prompt.session);
        const view = {
            ...toPromptDetail(prompt, c.var.session),
            ...(hold === undefined ? {} : { hold: { kind: hold.kind, until: hold.until } }),
        };
        return c.json(view);
    })
        .post("/prompts/:id/verdict", body(pageVerdictSchema), async (c) => {
        const prompt = find(c.req.param("id"));
        const { verdict, digest, typedCode } = c.req.valid("json");
        // PAGEPROMPT-2
        if (prompt.state === "pending" && verdict.kind !== "deny" && digest !== prompt.digest) {
            const reason = "the call has changed since it was shown here; read it again";
            return c.json({ kind: "refused", reason });
        }
        // PAGEPROMPT-4
        if (verdict.kind === "allow" && verdict.keep !== undefined && !mayKeep(c.var.session)) {
            const reason = "a browser that came through the tunnel makes no rules; allow it only this time, or make the rule on this machine's page or in an approver's chat";
            return c.json({ kind: "refused", reason });
        }
        const outcome = await prompts.decide(toDecider(c.var.session), prompt.id, toVerdict(prompt, verdict), typedCode);
        return c.json(toPageOutcome(outcome, c.var.session));
    })
        .post("/away", body(pageAwaySchema), async (c) => {
        const { isAway } = await away.set(c.req.valid("json").mode, toDecider(c.var.session).who);
        return c.json({ isAway });
    })
        .route("/", createHoldRoutes(prompts.holds));
}
/** What is done with all prompts of a session at once. */
function createHoldRoutes(holds) {
    return new Hono()
        .post("/sessions/:session/deny-all", async (c) => {
        const by = toDecider(c.var.session);
        const view = await holds.denyAll(toSession(c.req.param("session")), by);
        return c.json(view);
    })
        .post("/sessions/:session/stop", async (c) => {
        const by = toDecider(c.var.session);
        const view = await holds.stop(toSession(c.req.param("session")), by);
        return c.json(view);
    })
        .post("/sessions/:session/resume", async (c) => {
        // Takes back a denial: not for a browser that may only deny.
        if (!c.var.session.mayAllow) {
            throw new SluiceError("conflict", 'this browser can view and deny, not approve; run "sluice open" in a terminal of your own');
        }
        const by = toDecider(c.var.session);
        const resumed = await holds.resume(toSession(c.req.param("session")), by);
        return c.json({ resumed });
    });
}
export function toPromptPush({ prompt }, now) {
    return { kind: "prompt", prompt: toPromptLine(prompt), now };
}
/** PAGEPROMPT-3 */
function toDecider({ id, mayAllow }) {
    return { who: `browser ${id}`, via: "page", mayAllow };
}
/** PAGEPROMPT-4 */
function mayKeep({ place }) {
    return place === "here";
}
function toSession(id) {
    if (id.length > 128)
        throw new SluiceError("bad_input", "session: at most 128 characters");
    return id;
}
/** Choices come by their place: what is sent back is the session's own text, not what a browser made of it. */
function toVerdict(prompt, verdict) {
    switch (verdict.kind) {
        case "allow":
            return verdict.keep === undefined ? { kind: "allow" } : { kind: "allow", keep: verdict.keep };
        case "deny":
            return verdict.reason === undefined
                ? { kind: "deny" }
                : { kind: "deny", reason: verdict.reason };
        case "answers": {
            const pairs = prompt.questions.map(({ question, options }, index) => {
                const { options: chosen = [], text = "" } = verdict.answers[index] ?? {};
                const labels = chosen.flatMap((at) => options[at]?.label ?? []);
                return [question, [...labels, text.trim()].filter((one) => one !== "").join(", ")];
            });
            return { kind: "answers", answers: Object.fromEntries(pairs) };
        }
        default:
            return verdict;
    }
}
function toPageOutcome(outcome, session) {
    return "prompt" in outcome
        ? { kind: outcome.kind, prompt: toPromptDetail(outcome.prompt, session) }
        : outcome;
}
export function toPromptLine(prompt) {
    const { id, kind, count, agent, handedTo, createdAt, expiresAt, state, outcome } = prompt;
    return {
        id,
        kind,
        tool: toVisible(prompt.tool),
        session: prompt.session,
        sessionName: toVisible(prompt.sessionName),
        cwd: toVisible(prompt.cwd),
        headline: toHeadline(prompt),
        isRisky: prompt.risk.isRisky,
        count,
        ...(agent === undefined ? {} : { agent: toVisible(agent) }),
        ...(handedTo === undefined ? {} : { handedTo: toVisible(handedTo) }),
        createdAt,
        expiresAt,
        state,
        ...toEnd(prompt),
        ...(outcome === undefined ? {} : { verdict: outcome.verdict.kind, endedAt: outcome.at }),
    };
}
function toPromptDetail(prompt, session) {
    const { code, description, digest, isCut, questions, risk, outcome } = prompt;
    const verdict = outcome?.verdict;
    return {
        ...toPromptLine(prompt),
        code,
        ...(description === undefined ? {} : { description: toVisible(description) }),
        arguments: toVisible(prompt.arguments),
        digest,
        isCut,
        questions: questions.map(({ question, header, options, isMulti }) => ({
            question: toVisible(question),
            ...(header === undefined ? {} : { header: toVisible(header) }),
            options: options.map((option) => ({
                label: toVisible(option.label),
                ...(option.description === undefined ? {} : { description: toVisible(option.description) }),
            })),
            isMulti,
        })),
        reasons: risk.reasons.map(toVisible),
        ...(risk.note === undefined ? {} : { note: toVisible(risk.note) }),
        keeps: session.mayAllow && mayKeep(session) ? listKeeps(prompt) : [],
        ...(verdict?.kind === "answers"
            ? { answers: questions.map(({ question }) => toVisible(verdict.answers[question] ?? "")) }
            : {}),
    };
}
function toEnd({ state, outcome, reason }) {
    if (outcome !== undefined)
        return { summary: toVisible(describeOutcome(outcome)) };
    return state === "pending" ? {} : { summary: toVisible(reason ?? "") };
}
/** One line that tells prompts of a list apart; the whole text stands in the detail. */
function toHeadline({ kind, questions, arguments: text }) {
    const [first] = questions;
    const source = kind === "question" && first !== undefined ? first.question : text;
    const begin = source.slice(0, HEADLINE_FROM_CHARS).toWellFormed();
    // Of a call its first argument: what stands on the first line, or indented below it.
    const [argument = begin] = kind === "tool" ? (/^[^\n]*(?:\n {2}[^\n]*)*/.exec(begin) ?? []) : [];
    const line = toVisible(argument)
        .replace(/^(?:command|file_path|url|path):\s+/, "")
        .replace(/\s+/g, " ")
        .trim();
    return line.length <= HEADLINE_MAX_CHARS
        ? line
        : `${line.slice(0, HEADLINE_MAX_CHARS - 1).toWellFormed()}…`;
}
