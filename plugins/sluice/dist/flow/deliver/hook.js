import { PERMIT, toPermit } from "../../sdk/own-tool.js";
import { listOpen } from "../../store/events/deliveries.js";
import { setEndReason } from "../../store/sessions/session-names.js";
import { endSession, isRung, saveSession } from "../../store/sessions/sessions.js";
import { changeLabel, changeSession, endTurn, forgetPrompt, noteAnswered, noteFailure, noteHeard, noteHook, noteOwnPrompt, notePrompt, noteSessionEnd, noteStop, noteWork, resumeTurn, toSessionRecord, } from "../session/attachment.js";
import { toSummaryLine } from "../text/note.js";
import { succeed } from "../route/session-book.js";
import { toTurnLines } from "./turn-lines.js";
/**
 * The prompt of our monitor's line. Other notifications look alike and may carry text that a model wrote,
 * so the whole frame must fit, with the description that stands in plugin/monitors/monitors.json.
 */
const BELL_PROMPT = /^<task-notification>\s*<task-id>[^<]*<\/task-id>\s*<summary>Monitor event: "Sluice bell"<\/summary>\s*<event>([^<]*)<\/event>\s*<\/task-notification>\s*$/;
const BELL_ID = /^Sluice bell ([0-9a-f]{8}):/gm;
/** Handles one hook call of an attachment. */
export async function answerHook(attachment, call, options) {
    const now = options.clock.now();
    await adoptSession(attachment, call.session, options);
    noteHook(attachment, now);
    switch (call.event) {
        case "UserPromptSubmit":
            return answerPrompt(attachment, call, options);
        case "PreToolUse":
            return answerPermission(attachment, call, options);
        case "PostToolUse":
        case "PostToolUseFailure":
            await notePostToolUse(attachment, call, options);
            return {};
        case "Stop":
            return answerStop(attachment, call, options);
        case "StopFailure":
            noteFailure(attachment, now);
            await options.delivery.receive(attachment, { kind: "stop-failure", promptId: call.promptId });
            options.delivery.noteTurn(attachment, { how: "failed", id: call.promptId });
            return {};
        case "SubagentStop":
            options.delivery.noteTurn(attachment, { how: "subagent", id: call.agentId });
            return {};
        case "Notification":
            if (call.notification === "idle_prompt") {
                endTurn(attachment, now);
                options.delivery.changed(attachment);
            }
            return {};
        case "SessionEnd":
            await endConversation(attachment, call.reason, options);
            return {};
        default:
            return {};
    }
}
async function answerPrompt(attachment, call, options) {
    const { delivery, db, clock } = options;
    const now = clock.now();
    notePrompt(attachment, call.promptId, now);
    const isCarrier = await delivery.markCarried(attachment, call.promptId, call.events);
    if (!isCarrier)
        noteOwnPrompt(attachment, now);
    const [, lines] = BELL_PROMPT.exec(call.prompt) ?? [];
    if (lines === undefined) {
        noteAnswered(attachment, call.promptId, undefined);
        delivery.changed(attachment);
        if (call.prompt === "") {
            // The shim tells of a prompt that it had to answer without us: a note that an earlier try made did not get there. Typed words
            // get no note (HOOK-2), and share their id with the turn that they were typed into.
            if (call.typed !== true) {
                forgetPrompt(attachment);
                await delivery.withdraw(attachment, call.promptId);
            }
            return {};
        }
        // HOOK-2: who types should not be surprised by a stranger's text in their own turn; no one types another notification.
        if (call.prompt.startsWith("<task-notification>") ||
            delivery.readPolicy(attachment) !== undefined)
            return {};
        const { waiting } = delivery.readWaitingFor(attachment);
        if (waiting.total === 0)
            return {};
        return toContext("UserPromptSubmit", toSummaryLine(waiting));
    }
    // Whoever can write such a frame cannot guess an id that we have rung.
    // However old: a bell may stand behind a dialog that nobody answers overnight; and /clear lies between ring and hook.
    const bell = [...lines.matchAll(BELL_ID)]
        .map(([, id]) => id)
        .find((id) => id !== undefined && isRung(db, attachment.id, attachment.session, id));
    noteAnswered(attachment, call.promptId, bell);
    if (bell === undefined)
        return {};
    noteHeard(attachment);
    if (delivery.readPolicy(attachment) !== undefined)
        return {};
    const note = await delivery.offerNote(attachment, call.promptId, bell);
    return note === undefined
        ? toContext("UserPromptSubmit", "Sluice: nothing waits any more; no action is needed.")
        : show(note.screen, toContext("UserPromptSubmit", note.text));
}
/** Our own tools need no dialog and no classifier: they touch nothing but our inbox, and `reply` only its own conversation. */
async function answerPermission(attachment, call, options) {
    const permit = toPermit(call.tool);
    if (permit === undefined)
        return {};
    const event = readEventId(call.toolInput);
    const isHeld = () => listOpen(options.db, attachment.id).some((one) => one.event === event);
    return permit === "at-once" || isHeld() ? PERMIT : {};
}
function readEventId(toolInput) {
    try {
        const input = JSON.parse(toolInput);
        return typeof input === "object" && input !== null && "event_id" in input
            ? input.event_id
            : undefined;
    }
    catch {
        // Not JSON, so nothing that we would allow: the client's own dialog decides.
        return undefined;
    }
}
async function notePostToolUse(attachment, call, options) {
    if (call.agentId === "")
        noteWork(attachment, options.clock.now());
    if (!call.tool.endsWith("__inbox"))
        return;
    await options.delivery.receive(attachment, {
        kind: "tool-result",
        toolUseId: call.toolUseId,
        isSubagent: call.agentId !== "",
        isFailure: call.event === "PostToolUseFailure",
    });
}
async function answerStop(attachment, call, options) {
    const { turn } = attachment;
    options.delivery.leases.lookAtProject(attachment);
    const turnSince = turn.kind === "busy" ? Math.min(turn.since, turn.carriesFrom ?? turn.since) : 0;
    noteStop(attachment, options.clock.now());
    const receipts = await options.delivery.ended(attachment, call.promptId, turnSince);
    const owed = receipts.filter(({ delivery, to }) => to === "seen" && delivery.ack !== "auto");
    if (owed.length === 0 || call.stopHookActive) {
        if (turnSince === 0 || !options.delivery.isShown)
            return {};
        return show(toTurnLines(options.db, attachment, turnSince), {});
    }
    // One nudge, ids only: the client prints it on the screen, and a second one could loop.
    const ids = owed.slice(0, 8).map(({ delivery }) => delivery.event);
    resumeTurn(attachment, turn, call.promptId, options.clock.now());
    return toContext("Stop", `Sluice: still waiting for an answer: ${ids.join(" ")} (reply, or ack if none is needed).`);
}
async function endConversation(attachment, reason, { delivery, db, clock }) {
    const now = clock.now();
    noteSessionEnd(attachment, now);
    await db.write(() => {
        endSession(db, attachment.session, now);
        setEndReason(db, attachment.session, reason);
    });
    await delivery.receive(attachment, { kind: "session-end" });
}
/** The session of the latest hook call is the one that is open: it changes on /clear and on resume inside the client. */
async function adoptSession(attachment, session, options) {
    const { db, clock, delivery } = options;
    const now = clock.now();
    if (session !== "" && session !== attachment.session) {
        // The ring stays: its bell may still be on its way into the new conversation.
        const { session: before, label } = attachment;
        // All in one turn: what goes back may be offered again before it commits, and that is to the new conversation.
        changeSession(attachment, session);
        try {
            await Promise.all([
                delivery.receive(attachment, { kind: "session-end" }),
                succeed(attachment, before, now, options),
            ]);
        }
        catch (thrown) {
            // The next hook tries again.
            changeSession(attachment, before);
            changeLabel(attachment, label);
            delivery.rerouted();
            throw thrown;
        }
        return;
    }
    if (attachment.lastHookAt !== undefined &&
        now - attachment.lastHookAt < 1_000 &&
        session === attachment.session)
        return;
    const saved = db.write(() => saveSession(db, toSessionRecord(attachment, now)));
    // For people only, and the next hook writes it again: no turn waits for it, and no answer fails with it.
    saved.catch(() => { });
}
function show(lines, answer) {
    return lines.length === 0 ? answer : { ...answer, systemMessage: lines.join("\n") };
}
function toContext(event, additionalContext) {
    return { hookSpecificOutput: { hookEventName: event, additionalContext } };
}
