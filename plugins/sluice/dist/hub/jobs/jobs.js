/**
 * Ends of commands under `sluice run`: taken from their records, and told.
 *
 * Owns: when the records are looked at, and what becomes of each. Never: writes one (the command line did), or runs a command.
 *
 * JOBS-1 A record goes when its event is committed, and not before; its id is the event's delivery id, so that the same end is told once.
 * JOBS-2 What cannot be taken now (a full inbox, a damaged file) holds up no other.
 */
import { basename } from "node:path";
import { toJobArrival } from "../../channels/jobs/arrival.js";
import { maskSecrets } from "../../flow/prompt/show/mask.js";
import { requireSession } from "../../flow/route/session-book.js";
import { listJobs, removeJob, setJobAside, } from "../../local/job-record.js";
import { isAlive } from "../../local/process.js";
import { isSluiceError, toMessage } from "../../sdk/errors.js";
import { toShellCommand } from "../../sdk/shell-word.js";
import { ensureChannel } from "./own-channel.js";
export const JOBS_CHANNEL = "jobs";
/** For ends that nobody could tell of: the hub was down or full, or `sluice run` was killed. */
const LOOK_EVERY_MS = 30_000;
const COMMAND_MAX_CHARS = 1_000;
export class Jobs {
    #core;
    #needs;
    #look = Promise.resolve();
    #cancel = () => undefined;
    #isClosed = false;
    constructor(core, needs) {
        this.#core = core;
        this.#needs = needs;
    }
    /** Begins with what ended while no hub ran; resolves when that is taken. */
    async open() {
        await this.lookAtAll();
    }
    /** A command says that it has ended. */
    async ended(id) {
        return this.#run(async () => {
            const file = listJobs(this.#core.home).find(({ path }) => basename(path, ".json") === id);
            // Taken by a look of our own meanwhile.
            return file === undefined ? {} : this.#take(file);
        });
    }
    /** Takes all that has ended (JOBS-2), and comes again by the clock. */
    lookAtAll() {
        return this.#run(async () => {
            this.#cancel();
            for (const file of this.#list()) {
                if (this.#isClosed)
                    return;
                try {
                    await this.#take(file);
                }
                catch (thrown) {
                    const facts = { file: basename(file.path), error: toMessage(thrown) };
                    this.#core.log.warn(facts, "the end of a command could not be taken yet");
                }
            }
            if (!this.#isClosed)
                this.#cancel = this.#core.clock.after(LOOK_EVERY_MS, () => void this.lookAtAll());
        });
    }
    async close() {
        this.#isClosed = true;
        this.#cancel();
        await this.#look;
    }
    /** One after the other: two looks at one record would race for it. */
    #run(work) {
        const next = this.#look.then(work);
        this.#look = next.catch(() => undefined);
        return next;
    }
    #list() {
        try {
            return listJobs(this.#core.home);
        }
        catch (thrown) {
            const error = toMessage(thrown);
            this.#core.log.warn({ error }, "the records of commands cannot be read; tried again");
            return [];
        }
    }
    /** @throws SluiceError store_*: the record stays. */
    async #take(file) {
        if (file.kind === "damaged") {
            setJobAside(file.path);
            const facts = { file: basename(file.path) };
            this.#core.log.warn(facts, "the record of a command is damaged; it is set aside as .bad");
            return { note: "its record is damaged" };
        }
        const outcome = toOutcome(file.job);
        if (outcome === undefined)
            return {};
        const { channel, channelNote } = await this.#toChannel(file.job);
        const { session, sessionNote } = this.#toSession(file.job);
        const now = this.#core.clock.now();
        const arrival = toJobArrival(channel, {
            id: file.job.id,
            command: toCommandText(file.job.command),
            cwd: file.job.cwd,
            startedAt: file.job.startedAt,
            endedAt: file.job.end?.at ?? now,
            outcome,
            lines: maskSecrets(file.job.end?.lines ?? ""),
            repository: this.#needs.projects.read(file.job.cwd, () => undefined).repository,
            session,
        });
        const accepted = await this.#needs.inbound.accept(arrival, now);
        removeJob(file.path); // JOBS-1
        const note = channelNote ?? sessionNote;
        return accepted.kind === "dropped"
            ? { note: `channel ${channel} lets nothing in (${accepted.reason})` }
            : { event: accepted.id, note };
    }
    async #toChannel({ channel }) {
        const { channels } = this.#needs;
        if (channel !== undefined && channels.has(channel))
            return { channel };
        await ensureChannel(channels, "jobs", JOBS_CHANNEL);
        return {
            channel: JOBS_CHANNEL,
            ...(channel === undefined
                ? {}
                : { channelNote: `there is no channel "${channel}"; the end came on ${JOBS_CHANNEL}` }),
        };
    }
    /** A name that nobody has keeps no end from being told. */
    #toSession({ session, isOwn }) {
        if (session === undefined)
            return {};
        try {
            const { delivery } = this.#needs;
            return { session: requireSession(session, { db: this.#core.db, delivery }) };
        }
        catch (thrown) {
            if (!isSluiceError(thrown))
                throw thrown;
            if (isOwn === true)
                return {};
            return { sessionNote: `${thrown.message}; its end goes where events usually go` };
        }
    }
}
/** Undefined while it runs. */
function toOutcome({ end, pid, startTime }) {
    if (end?.signal !== undefined)
        return { kind: "signal", signal: end.signal };
    if (end?.code !== undefined)
        return { kind: "exit", code: end.code };
    return isAlive(pid, startTime) ? undefined : { kind: "lost" };
}
function toCommandText(command) {
    const text = maskSecrets(toShellCommand(command));
    return text.length <= COMMAND_MAX_CHARS ? text : `${text.slice(0, COMMAND_MAX_CHARS - 1)}…`;
}
