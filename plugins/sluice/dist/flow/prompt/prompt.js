import { toMessage } from "../../sdk/errors.js";
import { isTypedPrompt } from "../../sdk/typed-prompt.js";
import { closePrompt, findAsk, findByCode, findPrompt, handOver, listAsks, listPrompts, setAskState, } from "../../store/prompts/prompts.js";
import { Answers } from "./answers.js";
import { takeHookAsk, takeRelayAsk, toRelayKey, } from "./create-prompt.js";
import { toAuditLine } from "./audit.js";
import { toPreviewFacts } from "./call.js";
import { keepDenied } from "./denied.js";
import { closeWith, writeVerdict } from "./decide.js";
import { Holds } from "./holds.js";
import { toTerminalEnds } from "./terminal-answer.js";
import { lookAtCall } from "./look.js";
import { RequestDedup } from "./request-dedup.js";
import { Unattended } from "./unattended.js";
import { RetryWrites } from "../retry-write.js";
/** After a restart of the hub: how long a prompt waits for its session. */
const RETURN_MS = 30_000;
export class Prompts {
    holds;
    #options;
    #intake;
    #answers;
    #unattended;
    #decide;
    #writes;
    #listeners = new Set();
    #pending = new Map();
    /** Those that wait, so that a hook costs nothing where none does. The store has the truth. */
    pending = this.#pending;
    #cancelReturn;
    constructor(options) {
        const { db, clock, readSettings, notifyOwner } = options;
        this.#options = options;
        const expireAfterMs = () => readSettings().expireAfterMs;
        this.#writes = new RetryWrites(options);
        this.holds = new Holds({
            ...options,
            writes: this.#writes,
            denyOpen: (session, by, reason) => this.#denyOpen(session, by, reason),
        });
        this.#answers = new Answers({ ...options, lifeMs: expireAfterMs, writes: this.#writes });
        const readFolder = (id) => options.leases.find(id)?.client.cwd ?? "";
        this.#decide = { ...options, readFolder };
        this.#intake = { ...options, dedup: new RequestDedup(clock), expireAfterMs };
        this.#unattended = new Unattended({
            clock,
            readSettings,
            notifyOwner,
            expire: (prompt, reason) => this.#endLater(prompt, "expired", reason),
            deny: (prompt, reason) => this.#settle(prompt, () => this.#answer(prompt, reason)),
            hand: (prompt, to) => this.#settle(prompt, () => this.#hand(prompt, to)),
        });
        for (const { prompt } of listPrompts(db, { state: "pending" }))
            this.#hold(prompt);
        const retireLost = () => this.#retireLost();
        this.#cancelReturn = clock.after(RETURN_MS, () => this.#writes.runWithRetry("prompts of an earlier life", retireLost, retireLost));
    }
    /** A call waits in the hook. Resolves when it is written down; its answer is told to who waits under its key. */
    async ask(attachment, ask) {
        const look = await this.#look(attachment, ask);
        const { db } = this.#options;
        this.#told(await db.write(() => takeHookAsk(this.#intake, attachment, ask, look)));
    }
    /** A call waits in the client's relay. Its verdict leaves over the lease. False: what had this id is over, and its answer has left. */
    async relay(attachment, ask) {
        const { cwd = attachment.client.cwd } = ask;
        const facts = await toPreviewFacts(ask.tool, ask.preview, async (input) => {
            const { assessment } = await this.#look(attachment, { tool: ask.tool, input, cwd });
            return assessment;
        });
        const { db } = this.#options;
        const taken = await db.write(() => takeRelayAsk(this.#intake, attachment, ask, facts));
        const asked = findAsk(db, toRelayKey(attachment.id, ask.session, ask.requestId));
        this.#told(taken);
        this.#answers.sendRelayed(attachment);
        return asked?.state === "waiting" && taken.prompt.state !== "retired";
    }
    /** The client has denied a call by itself: the owner is told. */
    async denied(attachment, ask) {
        const { db } = this.#options;
        const look = await this.#look(attachment, ask);
        const { prompt, retry } = await db.write(() => keepDenied(this.#intake, attachment, ask, look));
        this.#unattended.tell(prompt, `was denied by the client: ${ask.reason}`);
        this.#emit({ prompt, kind: "closed" });
        return { retry };
    }
    /** The answer for a call that waits in the hook; `pending` after `limitMs`, or when the caller left. */
    wait(key, limitMs, left) {
        return this.#answers.wait(key, limitMs, left);
    }
    /** The client has withdrawn a call: somebody answered at the terminal. */
    async cancel(key) {
        const ask = findAsk(this.#options.db, key);
        const prompt = ask === undefined ? undefined : this.#pending.get(ask.prompt);
        if (ask === undefined || prompt === undefined)
            return;
        await this.#endCall(prompt, key, "answered at the terminal");
    }
    /** A hook of a session came: what was answered at the terminal is over. */
    noteHook({ client }, sign) {
        // A shim of an older version does not say who wrote a prompt.
        const { typed = sign.event === "UserPromptSubmit" && isTypedPrompt(sign) } = sign;
        // A run without a person at it (-p) is given its prompt by whatever started it.
        const isPerson = typed && client.interactive;
        if (isPerson)
            this.#options.typed?.();
        if (isPerson)
            this.holds.typed(sign.session);
        if (this.#pending.size === 0)
            return;
        for (const { prompt, calls, reason } of toTerminalEnds([...this.#pending.values()], sign)) {
            if (calls === "all")
                this.#endLater(prompt, "retired", reason);
            else
                this.#settle(prompt, () => this.#endCall(prompt, undefined, reason));
        }
    }
    /** Its shim is connected: verdicts that could not leave do now. */
    attached(attachment) {
        this.#answers.sendRelayed(attachment);
    }
    /** The session is gone, and with it every dialog. */
    lost(attachment, reason) {
        const { db } = this.#options;
        const retire = async () => {
            for (const { prompt } of listPrompts(db, { state: "pending", attachment: attachment.id }))
                this.#endLater(prompt, "retired", `the session is gone: ${reason}`);
        };
        this.#writes.runWithRetry(attachment.id, retire, retire);
    }
    /** Answers a prompt, by its id or by the code that was typed (PROMPT-2). */
    async decide(by, ref, verdict, typedCode) {
        const { db } = this.#options;
        const outcome = await db.write(() => writeVerdict(this.#decide, by, ref, verdict, typedCode));
        if (outcome.kind === "done")
            this.#closed(outcome.prompt);
        if (outcome.kind === "done" && outcome.rule !== undefined)
            this.#options.notifyOwner(`Sluice: ${by.who} made a rule: ${outcome.rule.line}. If it was not you: sluice rule remove ${outcome.rule.id}`);
        return outcome;
    }
    /** Newest first. */
    list(filter = {}) {
        return listPrompts(this.#options.db, filter).map(({ prompt }) => prompt);
    }
    /** By its id, or by the code of one that waits or lately did. */
    find(ref) {
        const { db } = this.#options;
        const row = ref.startsWith("prm_") ? findPrompt(db, ref) : findByCode(db, ref.toLowerCase());
        return row?.prompt;
    }
    /** Calls `listener` after each change is on disk. Returns how to stop. */
    watch(listener) {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
    }
    close() {
        this.#cancelReturn();
        this.#writes.close();
        this.#unattended.close();
        this.#answers.close();
        this.#listeners.clear();
    }
    /** Before the transaction: a slow disk holds nothing up but this call. */
    #look({ client }, { tool, input, cwd }) {
        return lookAtCall(this.#options, { tool, input, cwd, folder: client.cwd });
    }
    async #denyOpen(session, by, reason) {
        const open = [...this.#pending.values()].filter((prompt) => prompt.session === session);
        const outcomes = await Promise.all(open.map(({ id }) => this.decide(by, id, { kind: "deny", reason })));
        return outcomes.filter(({ kind }) => kind === "done").length;
    }
    #told({ prompt, kind }) {
        if (kind === "known")
            return;
        if (kind === "closed")
            return this.#closed(prompt);
        this.#hold(prompt);
        this.#emit({ prompt, kind });
    }
    #hold(prompt) {
        const isKnown = this.#pending.has(prompt.id);
        this.#pending.set(prompt.id, prompt);
        if (!isKnown)
            this.#unattended.watch(prompt);
    }
    /** A prompt has ended, on disk: its answer leaves (PROMPT-1), and who watches hears. */
    #closed(prompt) {
        this.#pending.delete(prompt.id);
        this.#unattended.forget(prompt.id);
        this.#answers.send(prompt.id);
        this.#emit({ prompt, kind: "closed" });
    }
    /** One call of a prompt is over: that of `key`, or the first that waits. With the last one the prompt is. */
    async #endCall(prompt, key, reason) {
        const { db } = this.#options;
        const left = await db.write(() => {
            const hooks = listAsks(db, prompt.id).filter(({ way, state }) => way === "hook" && state === "waiting");
            const ended = key ?? hooks[0]?.key;
            if (ended !== undefined)
                setAskState(db, ended, "over");
            return { ended, others: hooks.filter((one) => one.key !== ended).length };
        });
        if (left.ended !== undefined)
            this.#answers.release(left.ended);
        if (left.others === 0)
            return this.#end(prompt, "retired", reason);
        const changed = findPrompt(db, prompt.id)?.prompt;
        if (changed?.state !== "pending")
            return;
        this.#pending.set(changed.id, changed);
        this.#emit({ prompt: changed, kind: "changed" });
    }
    async #end(prompt, state, reason) {
        const { db, clock, note } = this.#options;
        const at = clock.now();
        const isFirst = await db.write(() => {
            const ended = closePrompt(db, prompt.id, { state, at, reason });
            if (ended)
                note("hub", state, `${reason}: ${toAuditLine(prompt)}`);
            return ended;
        });
        if (isFirst)
            this.#closed({ ...prompt, state, reason });
    }
    /** The owner's policy speaks, because nobody did. */
    async #answer(prompt, reason) {
        const { db, clock } = this.#options;
        const verdict = { kind: "deny", reason };
        const outcome = { verdict, by: "hub", via: "policy", at: clock.now() };
        const isFirst = await db.write(() => closeWith(this.#options, prompt, outcome));
        if (isFirst)
            this.#closed({ ...prompt, state: "answered", outcome });
    }
    async #hand(prompt, to) {
        const { db, note } = this.#options;
        const isOpen = await db.write(() => {
            const handed = handOver(db, prompt.id, to);
            if (handed)
                note("hub", "hand-over", `to ${to}: ${toAuditLine(prompt)}`);
            return handed;
        });
        if (!isOpen)
            return;
        const handed = { ...prompt, handedTo: to };
        this.#pending.set(prompt.id, handed);
        this.#emit({ prompt: handed, kind: "changed" });
    }
    /** PROMPT-3 */
    async #retireLost() {
        const { db, leases } = this.#options;
        for (const { prompt, attachment } of listPrompts(db, { state: "pending" })) {
            if (leases.find(attachment) !== undefined)
                continue;
            const reason = "the hub was restarted, and the session has not come back";
            this.#endLater(prompt, "retired", reason);
        }
    }
    #emit(change) {
        for (const listener of this.#listeners) {
            try {
                listener(change);
            }
            catch (thrown) {
                // One way out to people must not close the others.
                this.#options.log.error({ error: toMessage(thrown) }, "a prompt could not be passed on");
            }
        }
    }
    #endLater(prompt, state, reason) {
        this.#settle(prompt, () => this.#end(prompt, state, reason));
    }
    /** PROMPT-5. Each of these compares what stands there when it writes: a second try changes nothing that another way has changed. */
    #settle({ id }, work) {
        this.#writes.runWithRetry(id, work, work);
    }
}
