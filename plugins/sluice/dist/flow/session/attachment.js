/**
 * An attachment: one client process that holds a lease, as the hub knows it from hooks, tool calls and its bell.
 *
 * Owns: the fields of an attachment, and every change of them: one function for each signal; no other file writes them. Never: sends;
 * reads or writes the store.
 *
 * A client never says whether it listens, so `health` says only what receipts have shown.
 */
import { basename } from "node:path";
import { mayUseChannel } from "../../sdk/channel-hosts.js";
import { toAttachmentId } from "./client.js";
const QUIET_MAX_MS = 60 * 60_000;
/** A failed turn is likely to fail again at once: let the client's own retries and the person come first. */
const QUIET_AFTER_FAILURE_MS = 30_000;
const QUIET_AFTER_END_MS = 5_000;
/** Busy that no hook has confirmed for so long is over: an interrupted turn ends without a hook. */
export const BUSY_LIFE_MS = 10 * 60_000;
/** What people call it: the user's word, else its folder and branch. */
export function toLabel({ label, client, branch }) {
    if (label !== undefined)
        return label;
    const folder = basename(client.cwd) || client.cwd;
    return branch === undefined ? folder : `${folder} (${branch})`;
}
/** That its conversation is open, as a row of the store. */
export function toSessionRecord(attachment, now) {
    const { id, session, client, repository = null, lane } = attachment;
    const name = toLabel({ ...attachment, label: undefined });
    const { cwd } = client;
    return {
        id: session,
        attachment: id,
        cwd,
        repository,
        lane: lane.name,
        startedAt: now,
        lastActiveAt: now,
        name,
    };
}
/** Esc ends a turn without a hook: after so long without one, a turn may be over. */
export const SILENT_TURN_MS = 20_000;
/** True while a turn runs for sure: what is pushed now wakes nobody. */
export function isSurelyBusy({ turn }, now) {
    return turn.kind === "busy" && isWithin(turn.lastHookAt, now, SILENT_TURN_MS);
}
/** True while a turn is believed to run. */
export function isBusy({ turn }, now) {
    return turn.kind === "busy" && isWithin(turn.lastHookAt, now, BUSY_LIFE_MS);
}
/** From so long on without a hook, a turn that runs is worth a look at its terminal. */
const SILENCE_TOLD_MS = 60_000;
/**
 * For people: a turn runs and no hook has come for a minute. Some dialogs of the client itself (the notice of auto mode) make no hook run:
 * seen from here they look like a long step.
 */
export function describeSilence(attachment, now) {
    const { turn, client } = attachment;
    if (turn.kind !== "busy" || !client.plugin || !isBusy(attachment, now))
        return undefined;
    const silentMs = now - turn.lastHookAt;
    if (silentMs < SILENCE_TOLD_MS)
        return undefined;
    const minutes = Math.floor(silentMs / 60_000);
    return `no sign of it for ${minutes} min in this turn: a long step, or a dialog of the client that waits for somebody at its terminal`;
}
/** A hook ahead of the clock was told by a clock that has been set back: nobody knows how long ago. */
function isWithin(since, now, lifeMs) {
    return since <= now && now - since < lifeMs;
}
/** A client that has just been attached. */
export function openAttachment(client, lane, project, now) {
    return {
        id: toAttachmentId(client),
        client,
        session: client.session,
        label: undefined,
        repository: project.repository,
        remotes: project.remotes ?? [],
        branch: project.branch,
        // Who asked for a lane, or is known to listen, wants events; any other client may only have been spawned to look at us.
        target: client.host !== undefined || client.forcedLane !== undefined || mayUseChannel(client),
        lane,
        health: "none",
        reason: undefined,
        turn: { kind: "idle", since: now },
        hasBell: false,
        hasLease: true,
        ring: undefined,
        lastRingAt: 0,
        stops: 0,
        quietUntil: 0,
        failures: 0,
        showsPrompts: false,
        lastPromptAt: 0,
        lastPrompt: undefined,
        attachedAt: now,
        lastActiveAt: now,
        lastHookAt: undefined,
    };
}
// Connections
export function noteConnected(state) {
    state.hasLease = true;
}
export function noteDisconnected(state) {
    state.hasLease = false;
}
/** The bell is connected or gone. It runs where the client loaded the plugin, so somebody may be at it. */
export function noteBell(state, hasBell) {
    state.hasBell = hasBell;
    if (hasBell && state.client.interactive)
        state.target = true;
}
/** Another shim of the same client knows more of it: the plugin's. */
export function changeClient(state, client, lane) {
    state.client = client;
    state.lane = lane;
}
/** The plugin's shim is gone, and the hooks with it: another lane is left. */
export function losePlugin(state, lane) {
    state.client = { ...state.client, plugin: false };
    state.lane = lane;
    state.ring = undefined;
}
/** It spoke to an earlier life of the hub: the same client, mid-conversation. */
export function recall(state, remembered, now) {
    state.stops = Math.max(state.stops, remembered.stops);
    if (remembered.session !== undefined) {
        state.session = remembered.session;
        state.target ||= state.client.interactive;
    }
    if (remembered.promptId !== undefined)
        beginTurn(state, remembered.promptId, now);
}
// What it is called
export function changeProject(state, { repository, remotes, branch }) {
    state.repository = repository;
    state.remotes = remotes ?? [];
    state.branch = branch;
}
export function changeLabel(state, label) {
    state.label = label;
}
export function changeSession(state, session) {
    state.session = session;
}
// Signs and turns
/** A sign of life: a hook, a bell, a tool call. A client that nobody sits at becomes no target by it. */
export function noteSign(state, now) {
    state.lastActiveAt = now;
    if (state.client.interactive)
        state.target = true;
}
/** It was handed something to read. */
export function noteActive(state, now) {
    state.lastActiveAt = now;
}
export function noteHook(state, now) {
    noteSign(state, now);
    state.lastHookAt = now;
    if (state.turn.kind === "busy")
        state.turn = { ...state.turn, lastHookAt: now };
    // The client answers hooks: whatever made us give the session up is over.
    if (state.health === "unproven" && state.lane.isRevivedByHooks)
        state.health = "none";
}
export function beginTurn(state, promptId, now) {
    state.turn = { kind: "busy", since: now, lastHookAt: now, promptId };
}
/** Words typed into a turn that runs come under its id, and begin no other one: what was pushed into it still waits for the next. */
export function notePrompt(state, promptId, now) {
    const { turn } = state;
    const isSameTurn = turn.kind === "busy" && promptId !== "" && turn.promptId === promptId;
    if (!isSameTurn)
        beginTurn(state, promptId, now);
}
/** The prompt carried nothing that was pushed: somebody typed it, or a bell started it. */
export function noteOwnPrompt(state, now) {
    state.lastPromptAt = now;
}
/** What the prompt was answered with: the note of a bell, or nothing. */
export function noteAnswered(state, promptId, bell) {
    state.lastPrompt = { promptId, bell };
}
/** Its shim had to answer the prompt without us. */
export function forgetPrompt(state) {
    state.lastPrompt = undefined;
}
/** The model uses a tool, so a turn runs. On some lanes nothing else tells of it, and what is pushed into it comes after its end. */
export function noteWork(state, now) {
    if (state.lane.beginsTurnsUnseen && state.turn.kind === "idle")
        beginTurn(state, undefined, now);
}
export function endTurn(state, now) {
    state.turn = { kind: "idle", since: now };
}
/** A turn ended well. */
export function noteStop(state, now) {
    endTurn(state, now);
    state.stops++;
    if (state.failures === 0)
        return;
    state.failures = 0;
    state.quietUntil = 0;
}
/** A turn that has just ended goes on after all: `turn` is what it was. */
export function resumeTurn(state, turn, promptId, now) {
    if (turn.kind === "busy")
        state.turn = { ...turn, lastHookAt: now };
    else
        beginTurn(state, promptId, now);
}
/** A turn failed. Quiet for longer each time: an outage of the model must not use up the attempts of what waits. */
export function noteFailure(state, now) {
    const quietMs = QUIET_AFTER_FAILURE_MS * 4 ** state.failures;
    state.quietUntil = now + Math.min(QUIET_MAX_MS, quietMs);
    state.failures++;
    endTurn(state, now);
}
/** The conversation ended; the client may open another one. */
export function noteSessionEnd(state, now) {
    endTurn(state, now);
    state.quietUntil = now + QUIET_AFTER_END_MS;
    state.ring = undefined;
}
// The lane
/** A receipt came by its own lane. */
export function prove(state) {
    state.health = "proven";
    state.reason = undefined;
}
/** A prompt that hooks were shown carried events that were pushed; `offeredAt` of the first of them. */
export function noteCarried(state) {
    state.showsPrompts = true;
    prove(state);
}
/** The turn that runs carries what was offered at `offeredAt`. */
export function noteCarriedFrom(state, offeredAt) {
    if (state.turn.kind !== "busy")
        return;
    const { carriesFrom = offeredAt } = state.turn;
    state.turn = { ...state.turn, carriesFrom: Math.min(carriesFrom, offeredAt) };
}
/** Its bell rings. Returns how to take that back, where the line was never printed. */
export function noteRing(state, bell, now) {
    const before = state.ring;
    state.ring = { bell, at: now, times: (before?.times ?? 0) + 1 };
    state.lastRingAt = now;
    return () => {
        if (state.ring?.bell === bell)
            state.ring = before;
    };
}
/** A bell of ours came back by a hook. */
export function noteHeard(state) {
    state.ring = undefined;
    prove(state);
}
/** It gave no sign: nothing more is tried until it gives one. */
export function giveUp(state, reason) {
    state.ring = undefined;
    state.health = "unproven";
    state.reason = reason;
}
/** Its lane is closed to us: from now on by another one. */
export function changeLane(state, lane, health, reason) {
    state.lane = lane;
    state.health = health;
    state.reason = reason;
}
