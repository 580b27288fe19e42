/**
 * The hub's API on its Unix socket.
 *
 * Owns: listening, making the socket anew where it was taken away, and ending. Never: what is answered (api/), where the socket is
 * (home.ts), or whether the home is still ours (home-watch.ts).
 *
 * SOCKET-1 Nothing but our own socket is removed, by its inode: another hub's may stand there by now. Node removes by name what it has
 *    bound, so each socket is bound under a name of its own and moved to its place.
 */
import { chmodSync, lstatSync, renameSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { randomBytes } from "node:crypto";
import { getRequestListener } from "../../vendor/hono-node-server.js";
import { compareFile, readOwnIdentity } from "../../local/file-identity.js";
import { SluiceError } from "../../sdk/errors.js";
export class ApiSocket {
    #path;
    #answer;
    #bound;
    /** Servers whose socket was taken away: they keep the connections that they have. */
    #earlier = [];
    #isClosed = false;
    constructor(path, answer, bound) {
        this.#path = path;
        this.#answer = answer;
        this.#bound = bound;
    }
    /** Resolves once it answers. Where the inbox may keep nothing, no call is answered. */
    static async open(api, path, inbox) {
        const answer = getRequestListener((request, env) => {
            const loss = inbox.findLoss();
            return loss === undefined ? api.fetch(request, env) : toRefusal(loss);
        });
        return new ApiSocket(path, answer, await bind(answer, path));
    }
    /** Makes it anew where it is missing, or where a dead one stands in its place. */
    async restore() {
        const found = compareFile(this.#path, this.#bound.identity, readOwnIdentity);
        // Where we cannot look we could not make one either.
        if (found === "same" || typeof found === "object" || this.#isClosed)
            return "kept";
        if (found === "other" && !(await isDeadSocket(this.#path)))
            return "taken";
        if (this.#isClosed)
            return "kept";
        const bound = await bind(this.#answer, this.#path);
        const { server } = this.#bound;
        this.#bound = bound;
        this.#earlier.push(server);
        // Sessions that are connected stay so.
        server.close();
        if (this.#isClosed)
            await this.close();
        return "made";
    }
    /** Ends every stream and call. */
    async close() {
        this.#isClosed = true;
        const { server, identity } = this.#bound;
        const closed = new Promise((resolve) => server.close(() => resolve()));
        for (const one of [server, ...this.#earlier])
            one.closeAllConnections();
        await closed;
        // SOCKET-1
        if (compareFile(this.#path, identity, readOwnIdentity) === "same")
            rmSync(this.#path, { force: true });
    }
}
async function bind(answer, path) {
    const server = createServer(answer);
    // Streams are leases: they live as long as their client.
    server.requestTimeout = 0;
    server.keepAliveTimeout = 60_000;
    // As long as the path itself, which just fits (local/home.ts).
    const draft = `${path.slice(0, -4)}${randomBytes(2).toString("hex")}`;
    await new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(draft, () => {
            server.off("error", reject);
            resolve();
        });
    });
    chmodSync(draft, 0o600);
    const identity = readOwnIdentity(draft);
    if (identity === undefined) {
        server.close();
        throw new SluiceError("store_readonly", `the socket ${draft} vanished while it was made`);
    }
    renameSync(draft, path);
    return { server, identity };
}
/** One that nobody listens on, as a killed hub leaves it. Only the holder of the lock asks. */
function isDeadSocket(path) {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined)
        return Promise.resolve(true);
    if (!stats.isSocket() || stats.uid !== process.getuid?.())
        return Promise.resolve(false);
    return new Promise((resolve) => {
        const probe = connect(path);
        probe.once("connect", () => {
            probe.destroy();
            resolve(false);
        });
        probe.once("error", () => resolve(true));
    });
}
function toRefusal({ code, message, retryable, retryAfterMs }) {
    const view = {
        error: { code, message, retryable, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
    };
    return Response.json(view, { status: 503 });
}
