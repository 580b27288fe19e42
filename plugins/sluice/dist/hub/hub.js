/**
 * The hub: the list of its subsystems; each stands below those that it needs. It owns every port, secret and channel, and outlives its
 * clients.
 *
 * Owns: that order: they open in it, and close in the opposite one. Never: the work of a subsystem.
 *
 * HUB-1 Nothing is used above the line that opens it, in no closure either (oxlint reads this file with no-use-before-define). A part
 *    that must hear of a later one lets it register: `connections.onBatch`, `channels.onRemoved`, `delivery.onLost`, `ingress.serve`.
 */
import { ClockWatch } from "./upkeep/clock-watch.js";
import { createApi } from "../api/routes/app.js";
import { readFileLimit, toConnectionCaps } from "../local/file-limit.js";
import { readBuild } from "../local/build.js";
import { VERSION } from "../local/version.js";
import { addChannelSchema, } from "../api/wire/wire.js";
import { openHosts } from "../flow/lanes/host.js";
import { machineClock } from "./process/machine-clock.js";
import { settleRestored } from "../store/file/restored.js";
import { openAccess } from "./access.js";
import { ApiSocket } from "./process/api-socket.js";
import { Authored } from "./authored/authored.js";
import { runsPrograms } from "./channels/catalogue.js";
import { Channels } from "./channels/channels.js";
import { OldKeys } from "./channels/old-keys.js";
import { newClosers } from "./process/closers.js";
import { toConnectionMemory } from "./channels/connection-memory.js";
import { Connections } from "./channels/connections.js";
import { openPeople } from "./forget.js";
import { openHome, prepareSocket } from "./process/home.js";
import { HomeWatch } from "./process/home-watch.js";
import { Inbound } from "./inbound.js";
import { IngressPort } from "./ingress-port.js";
import { openJobs } from "./jobs/open-jobs.js";
import { EventClients } from "./event-clients.js";
import { HubLock } from "./process/lock.js";
import { Notices } from "./notices.js";
import { openDelivery, openCode, openPresence, openTools, removeWhenOver, serveIngress, } from "./open-parts.js";
import { openInbox } from "./upkeep/open-inbox.js";
import { openUpkeep } from "./upkeep/open-upkeep.js";
import { Outbox } from "./outbox.js";
import { openRequests } from "./channels/requests.js";
import { Probe } from "./probe/probe.js";
import { Hosts } from "./hosts.js";
import { openAway, openPrompts } from "./prompts.js";
import { ChatApprovals } from "./chat-approvals.js";
import { toRestoredText } from "./upkeep/restored.js";
import { followZone } from "./settings/time-zone.js";
import { openReach } from "./tunnel/open-reach.js";
import { openSessionWords } from "./authored/session-words.js";
import { Settings } from "./settings/settings.js";
import { openStatus } from "./status/status.js";
import { openCallers } from "./process/terminal.js";
import { openWaitingNotices } from "./upkeep/waiting-notices.js";
import { openWeb, openWebDoor } from "./web/open-web.js";
/**
 * Opens a hub in this process.
 * @throws SluiceError `hub_running`, `unsafe_home`, `bad_config`, `store_*`: then nothing is left open.
 */
export async function openHub(options) {
    const closers = newClosers();
    try {
        return await compose(options, closers);
    }
    catch (thrown) {
        await closers.close();
        throw thrown;
    }
}
/** The home, its lock and database, and the clock: everything else stands on these. */
async function openBase({ env, log, stop, clock }, closers) {
    const home = openHome(env);
    const lock = new HubLock(home, clock.now());
    closers.add(() => lock[Symbol.dispose]());
    const db = closers.keep(openInbox(home.database));
    const core = { db, clock, log, home };
    const watch = closers.keep(new HomeWatch(core, lock, stop));
    const restored = await settleRestored(db, clock.now());
    const elapsed = closers.keep(await ClockWatch.open(core));
    return { core, watch, restored, elapsed, socket: prepareSocket(home, env, lock) };
}
async function compose(options, closers) {
    const { env, log, stop, isDemo = false, clock = machineClock } = options;
    const startedAt = clock.now();
    const base = await openBase({ env, log, stop, clock }, closers);
    const { core, watch, restored, elapsed, socket } = base;
    const { db, home } = core;
    const settings = new Settings(core);
    const hosts = new Hosts(core, options.hosts);
    const { delivery, projects } = closers.keep(openDelivery(core, env, settings, hosts.list));
    closers.keep(followZone(core, { settings, delivery }));
    const connections = closers.keep(new Connections({ clock, log, ...toConnectionMemory(db) }));
    const { ingress: maxConnections } = toConnectionCaps(readFileLimit());
    const ingress = new IngressPort({ home, env, log, clock, isDemo, maxConnections });
    const authored = closers.keep(new Authored(core, env));
    const oldKeys = closers.keep(new OldKeys(clock));
    const channels = new Channels({ home, log, ingress, connections, authored, oldKeys, clock });
    removeWhenOver(core, { channels, connections });
    const outbox = closers.keep(new Outbox(core, { channels, connections, elapsed }));
    const access = openAccess(core, { channels, connections, outbox });
    const notices = new Notices(core, { channels, outbox });
    const away = closers.keep(openAway(core, { access }));
    const prompts = closers.keep(openPrompts(core, { delivery, access, away }));
    const waiting = closers.keep(openWaitingNotices(core, { delivery, settings, notices }));
    const { notifyOwner } = access;
    const reach = closers.keep(openReach(core, { env, ingress, channels, notifyOwner }));
    const door = openWebDoor(core, env, access);
    const live = { delivery, channels, connections, access, outbox, prompts, away };
    const told = { settings, elapsed, socket, startedAt, waiting, ingress, door, reach };
    const status = openStatus(core, { ...live, ...told, authored });
    const chats = closers.keep(new ChatApprovals(core, { ...live, status }));
    const inbound = closers.keep(new Inbound(core, { ...live, authored, chats, elapsed }));
    const web = closers.keep(openWeb(core, { ...live, door, status, inbound, isDemo }));
    closers.keep(openPresence(core, live));
    const probe = new Probe(core, { delivery, channels, ingress });
    serveIngress(core, { port: ingress, channels, inbound, outbox, status, reach });
    // After all that arrivals need, before anybody may ask for a channel: one that is open brings at once what it kept while no hub ran,
    // and what could not be looked at would be left out as a dead letter.
    const untold = await outbox.open();
    await channels.load();
    const jobs = closers.keep(await openJobs(core, { channels, inbound, delivery, projects }));
    chats.open([web.notifier]);
    if (restored !== undefined)
        untold.push(toRestoredText(restored));
    for (const text of untold)
        notifyOwner(text);
    const words = closers.keep(openSessionWords(core, { channels }));
    const tools = openTools(core, { ...live, inbound, words });
    const toCaller = openCallers(delivery);
    const code = openCode(core, { channels, authored });
    const requests = openRequests(core, { channels, ingress });
    const eventClients = closers.keep(new EventClients(core, env, { channels }));
    const made = { tools, code, requests, eventClients, authored, status, settings };
    const kinds = { runsPrograms };
    const people = openPeople(core, access);
    const more = { hosts, reach, people };
    const parts = { ...made, ...more, notices, ingress, inbound, probe, web, jobs, kinds };
    const api = createApi({ ...core, ...live, ...parts, toCaller, stop });
    watch.keepSocket(closers.keep(await ApiSocket.open(api, socket, db)), socket);
    closers.add(await openHosts(hosts.list, { db, clock, delivery, prompts }));
    await closers.keep(ingress).open();
    reach.open();
    await web.open();
    await eventClients.open();
    closers.keep(openUpkeep(core, { channels, notices, delivery, elapsed, stop }));
    const { describeHub } = status;
    const build = { version: VERSION, build: readBuild() };
    const { length: count } = channels.list();
    log.info({ socket, ingress: ingress.view, ...build, channels: count }, "hub is up");
    return {
        home,
        socket,
        describe: describeHub,
        addChannel: (request) => channels.add(addChannelSchema.parse(request)),
        close: closers.close,
    };
}
