/**
 * The status of the hub, in the words that people and scripts read.
 *
 * Owns: turning live state into views, and the next steps that follow from it. Never: changes anything.
 */
import { existsSync } from "node:fs";
import { readBuild } from "../../local/build.js";
import { VERSION } from "../../local/version.js";
import { isChannelNamed } from "../../sdk/channel-flag.js";
import { describeSilence, isBusy, toLabel, } from "../../flow/session/attachment.js";
import { explainRefusal } from "../../flow/lanes/choose-lane.js";
import { ORDINARY } from "../../flow/deliver/pace.js";
import { countOutbox } from "../../store/outbox/outbox.js";
import { countByState, readFirstEventTimes, readLastEventTimes, } from "../../store/events/figures.js";
import { readCounters } from "../../store/events/counters.js";
import { readWakes } from "../../store/sessions/sessions.js";
import { describeAccessState, describeClock, describeFiles, describeWaiting, toClockSteps, toFileSteps, toAccessSteps, toEndSteps, toPromptSteps, isHandshake, isNoRefusal, } from "./status-figures.js";
import { toCodeView } from "../authored/words.js";
import { toChatStatus } from "./chat-status.js";
import { openRefusals } from "./refusals.js";
import { PlatformTokens } from "./platform-tokens.js";
import { toProofHeader, toRefusing } from "./refusing.js";
import { toRestoredSteps } from "../upkeep/restored.js";
import { toListener } from "../transcribe/listen.js";
import { toTunnelSteps } from "../tunnel/words.js";
import { toNotes, toUrls } from "./channel-words.js";
export function openStatus(core, needs) {
    const refusals = openRefusals(core, needs);
    const tokens = new PlatformTokens(core.clock);
    needs.channels.onRemoved(async (name) => tokens.forget(name));
    const options = { ...core, ...needs, refusals, tokens };
    const describe = () => describeStatus(options);
    return {
        describe,
        describeHub: () => describeHub(options),
        listChannels: () => describeChannels(options).map((view) => withToken(view, tokens)),
        countListening: () => countListening(needs.delivery),
        describeForChat: (channel) => toChatStatus(describe(), channel),
        noteRefused: refusals.note.bind(refusals),
        noteToken: tokens.note.bind(tokens),
    };
}
const OVERDUE_SHOWN = 5;
function describeHub({ clock, home, socket, startedAt, ingress, door, reach, }) {
    return {
        pid: process.pid,
        version: VERSION,
        build: readBuild(),
        uptimeMs: clock.now() - startedAt,
        home: home.path,
        socket,
        ingress: ingress.view,
        ...(reach.tunnel === undefined ? {} : { tunnel: reach.tunnel }),
        web: door.view,
    };
}
function describeStatus(options) {
    const { settings, clock } = options;
    const hub = describeHub(options);
    const channels = describeChannels(options);
    const sessions = describeSessions(options);
    const policy = settings.readPolicy();
    const access = describeAccessState(options.access);
    const quiet = settings.quiet.describe(clock.now());
    const outbox = countOutbox(options.db);
    return {
        hub,
        channels,
        sessions,
        events: countByState(options.db),
        outbox,
        ...describeWaiting(options),
        policy,
        access,
        quiet,
        clock: describeClock(options),
        files: describeFiles(),
        away: options.away.view,
        next: [
            ...toPromptSteps(options.db),
            ...toAccessSteps(access),
            ...toNextSteps({ hub, channels, sessions, policy }),
            ...toTunnelSteps(hub.tunnel),
            ...toOutboxSteps(outbox),
            ...toEndSteps(options.db, options.clock.now()),
            ...toFileSteps(describeFiles()),
            ...toClockSteps(options.elapsed.findRecentGap(clock.now())),
            ...toRestoredSteps(options.db, options.clock.now()),
            ...options.waiting
                .list()
                .slice(0, OVERDUE_SHOWN)
                .map(({ text }) => text),
        ],
    };
}
function describeCode(name, { authored, clock }) {
    const view = authored.describe(name);
    return view === undefined ? {} : { code: toCodeView(name, view, clock.now()) };
}
/** Not in the status, which a session may ask for. */
function withToken(view, tokens) {
    const token = tokens.find(view.name);
    return token === undefined ? view : { ...view, platformToken: token };
}
function describeChannels(options) {
    const { db, channels, connections, refusals } = options;
    const { view: ingress } = options.ingress;
    const counters = readCounters(db);
    const lastTimes = readLastEventTimes(db);
    const firstTimes = readFirstEventTimes(db);
    return channels.list().map(({ config, channel, reason, missing, sender }) => {
        const live = connections.state(config.name);
        const needsIngress = channel !== undefined && ingress.state !== "up";
        const down = reason ?? (needsIngress ? `ingress is down: ${ingress.reason ?? "not started"}` : undefined);
        const lastEventAt = lastTimes[config.name];
        const scheme = config.allowUnsigned === true ? "none" : config.scheme;
        const all = counters.filter((one) => one.channel === config.name);
        const own = all.filter(({ reason }) => !isNoRefusal(reason));
        const handshakeAt = Math.max(0, ...all.filter((one) => isHandshake(one.reason)).map(toLastAt));
        const connectedAt = firstTimes[config.name] ?? (handshakeAt === 0 ? undefined : handshakeAt);
        const refusing = channel === undefined
            ? undefined
            : toRefusing({
                name: config.name,
                kind: config.kind,
                scheme,
                header: config.header,
                counters: own,
                lastEventAt: Math.max(lastEventAt ?? 0, handshakeAt) || undefined,
                latest: refusals.find(config.name),
                sender,
            });
        const state = toState(down !== undefined, config.paused, live?.kind, refusing !== undefined);
        const why = down ??
            (live !== undefined && "reason" in live ? live.reason : undefined) ??
            (state === "refusing" ? `${refusing?.what}; ${refusing?.fix}` : undefined);
        return {
            name: config.name,
            kind: config.kind,
            state,
            reason: why,
            ...(channel === undefined && live !== undefined ? {} : toUrls(config, channels)),
            ...(config.ignoreSenders === undefined ? {} : { ignoreSenders: config.ignoreSenders }),
            ...(config.transcribe && { transcribedBy: toListener(config.transcribe) }),
            scheme,
            twoWay: config.twoWay,
            refused: Object.fromEntries(own.map(({ reason, count }) => [reason, count])),
            refusedAt: Object.fromEntries(own.map(({ reason, lastAt }) => [reason, lastAt])),
            proofHeader: channel && (sender?.place ?? toProofHeader(scheme, config.header)),
            lastEventAt,
            ...(connectedAt === undefined ? {} : { connectedAt }),
            ...(live?.kind === "connected" ? { isConnected: true } : {}),
            ...(reason === undefined && needsIngress ? { waitsForIngress: true } : {}),
            ...toNotes(missing, options.reach.findNote(config.name)),
            ...(handshakeAt === 0 ? {} : { handshakeAt }),
            ...describeCode(config.name, options),
        };
    });
}
function toLastAt({ lastAt }) {
    return lastAt;
}
function toState(isDown, isPaused, live, isRefusing) {
    if (isDown)
        return "down";
    if (isPaused || live === "paused")
        return "paused";
    if (live === "retrying" || live === "opening")
        return "retrying";
    return isRefusing ? "refusing" : "ok";
}
function describeSessions({ db, clock, delivery }) {
    const now = clock.now();
    const today = new Date(now).setHours(0, 0, 0, 0);
    return [...delivery.leases].map((attachment) => {
        const wakes = readWakes(db, attachment.session, today);
        const reason = explain(attachment, now);
        const pace = delivery.judge(attachment, ORDINARY);
        const { health, lane } = attachment;
        const isUnproven = reason !== undefined && health === "none" && lane.sends.kind !== "nothing";
        const state = isUnproven ? "unproven" : health;
        return {
            id: attachment.session,
            label: toLabel(attachment),
            cwd: attachment.client.cwd,
            lane: lane.name,
            state,
            reason,
            busy: isBusy(attachment, now),
            silence: describeSilence(attachment, now),
            wakesToday: wakes.length,
            charsToday: wakes.reduce((sum, wake) => sum + wake.chars, 0),
            waiting: attachment.target ? delivery.readWaitingFor(attachment).waiting.total : 0,
            client: {
                name: attachment.client.name,
                version: attachment.client.version,
                pid: attachment.client.pid,
                plugin: attachment.client.plugin,
                interactive: attachment.client.interactive,
                protocol: attachment.client.protocol,
                asksForChannel: isChannelNamed(attachment.client.argv),
                background: attachment.client.background === true,
            },
            ...(pace.kind === "go" ? {} : { held: pace.reason }),
            bell: attachment.hasBell,
            laneFacts: lane.describe(attachment),
            isStuck: lane.isStuck(attachment),
            target: attachment.target,
            repository: attachment.repository,
        };
    });
}
function countListening(delivery) {
    return [...delivery.leases].filter((one) => one.target && one.hasLease && delivery.readPolicy(one) === undefined).length;
}
/** The likely reason why a session gets nothing, or gets it with weaker proof. */
function explain(attachment, now) {
    const { client, lane } = attachment;
    if (attachment.reason !== undefined)
        return attachment.reason;
    if (!attachment.hasLease)
        return "its connection is lost; reconnect it with /mcp";
    const refusal = explainRefusal(client);
    if (refusal !== undefined)
        return refusal;
    if (!client.interactive && client.forcedLane === undefined)
        return "started without a person: takes only events that were sent to it or that it subscribed to";
    return lane.explain(attachment, now);
}
function toOutboxSteps({ maybe }) {
    if (maybe === 0)
        return [];
    return [`${maybe} messages may have been sent, nobody knows: sluice outbox --state maybe`];
}
function toNextSteps({ hub, channels, sessions, policy, }) {
    const next = [];
    if (!existsSync(import.meta.filename))
        next.push("the files of this hub are gone, Sluice was updated or moved since it was started: sluice down, then sluice up");
    if (hub.ingress.state === "down")
        next.push(`ingress is down: ${hub.ingress.reason ?? "unknown"}; it opens automatically once the port is free`);
    if (policy.state !== "open")
        next.push(policy.detail);
    if (channels.length === 0)
        next.push("add a channel: sluice add github --secret-env GITHUB_WEBHOOK_SECRET");
    for (const channel of channels) {
        if (channel.state === "down" && hub.ingress.state === "up")
            next.push(`channel ${channel.name}: ${channel.reason}`);
        if (channel.state === "paused")
            next.push(`channel ${channel.name} is paused${channel.reason === undefined ? "" : ` (${channel.reason})`}: sluice resume ${channel.name}`);
        if (channel.state === "refusing")
            next.push(`channel ${channel.name} refuses what it is sent: ${channel.reason}`);
        for (const note of channel.code?.notes ?? [])
            next.push(`channel ${channel.name}: ${note}`);
        if (channel.state === "retrying" && channel.reason !== undefined)
            next.push(`channel ${channel.name} is trying again: ${channel.reason}`);
    }
    if (sessions.length === 0)
        next.push('no session is open: start claude; if it does not appear here, run "sluice connect claude"');
    for (const session of sessions) {
        if (session.state === "unproven")
            next.push(`session ${session.label}: ${session.reason ?? "no receipt yet"}`);
        else if (session.silence !== undefined && session.waiting > 0)
            next.push(`session ${session.label}: ${session.silence}`);
    }
    return next;
}
