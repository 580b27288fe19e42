/**
 * The umask of our processes: files that Sluice makes are for this user alone, whatever the user's own umask is.
 *
 * Owns: setting it, and restoring the user's own umask for other programs. Never: sets a mode.
 * Our own code also sets a mode for each file; the umask is for files that others make for us: Node's compiled code, SQLite, sockets.
 */
const CLOSED = 0o077;
const USUAL = Symbol.for("sluice.umask");
/** Of the whole process: the bundle of the command line has a copy of this file beside the one that the rest of the program reads. */
const known = globalThis;
/** For the first line of a process, before anything is made. */
export function closeUmask() {
    known[USUAL] = process.umask(CLOSED);
}
/**
 * Starts another program, synchronously, under the umask that the user has set: what a client or a browser writes outside the home is
 * not ours to close. The child takes it over when it is spawned.
 */
export function withUsualUmask(start) {
    const usual = known[USUAL];
    if (usual === undefined)
        return start();
    process.umask(usual);
    try {
        return start();
    }
    finally {
        process.umask(CLOSED);
    }
}
