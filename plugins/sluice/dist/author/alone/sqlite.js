var __rewriteRelativeImportExtension = (this && this.__rewriteRelativeImportExtension) || function (path, preserveJsx) {
    if (typeof path === "string" && /^\.\.?\//.test(path)) {
        return path.replace(/\.(tsx)$|((?:\.d)?)((?:\.[^./]+?)?)\.([cm]?)ts$/i, function (m, tsx, d, ext, cm) {
            return tsx ? preserveJsx ? ".jsx" : ".js" : d && (!ext || !cm) ? m : (d + ext + "." + cm.toLowerCase() + "js");
        });
    }
    return path;
};
/**
 * SQLite as the runtime has it: `node:sqlite` on Node and Deno, `bun:sqlite` on Bun.
 *
 * Owns: that difference, and the words for a fault. Never: knows a table.
 */
import { SluiceError, toMessage } from "../../sdk/errors.js";
const BUSY = 5;
const CORRUPT = 11;
const FULL = 13;
const NOTADB = 26;
export class Sqlite {
    #db;
    #path;
    #statements = new Map();
    constructor(db, path) {
        this.#db = db;
        this.#path = path;
    }
    /** @throws SluiceError store_*. */
    static async open(path) {
        try {
            return new Sqlite(await connect(path), path);
        }
        catch (thrown) {
            throw toFault(thrown, path);
        }
    }
    exec(sql) {
        this.#try(() => this.#db.exec(sql));
    }
    /** How many rows it changed. */
    run(sql, ...values) {
        return this.#try(() => Number(this.#prepare(sql).run(...values).changes));
    }
    get(sql, ...values) {
        // Rows are untyped; the statement beside the call makes the type true. Bun says null for none.
        return this.#try(() => this.#prepare(sql).get(...values) ?? undefined);
    }
    all(sql, ...values) {
        return this.#try(() => this.#prepare(sql).all(...values));
    }
    close() {
        this.#statements.clear();
        this.#db.close();
    }
    #prepare(sql) {
        let statement = this.#statements.get(sql);
        if (statement === undefined)
            this.#statements.set(sql, (statement = this.#db.prepare(sql)));
        return statement;
    }
    #try(work) {
        try {
            return work();
        }
        catch (thrown) {
            throw toFault(thrown, this.#path);
        }
    }
}
async function connect(path) {
    if (process.versions["bun"] === undefined) {
        const { DatabaseSync } = await import("node:sqlite");
        return new DatabaseSync(path);
    }
    // Only Bun has it, and only there it is looked for.
    const name = "bun:sqlite";
    const { Database } = (await import(__rewriteRelativeImportExtension(name)));
    return new Database(path);
}
function toFault(thrown, path) {
    if (thrown instanceof SluiceError)
        return thrown;
    const said = toMessage(thrown).replaceAll(/\s+/g, " ").slice(0, 300);
    const options = { cause: thrown };
    switch (readCode(thrown)) {
        case BUSY:
            return new SluiceError("store_busy", `inbox ${path} is in use by another process`, {
                ...options,
                retryable: true,
            });
        case FULL:
            return new SluiceError("store_full", `inbox ${path}: the disk is full; free some space, waiting events are kept`, { ...options, retryable: true, retryAfterMs: 60_000 });
        case CORRUPT:
        case NOTADB:
            return new SluiceError("store_corrupt", `inbox ${path} is damaged (${said}) and nothing was changed; move the file aside to begin a new one`, options);
        default:
            return new SluiceError("store_readonly", `inbox ${path} cannot be used (${said}); check its owner, mode and disk`, options);
    }
}
/** Node calls it `errcode`, Bun `errno`; extended codes carry the primary one in the low byte. */
function readCode(thrown) {
    if (typeof thrown !== "object" || thrown === null)
        return undefined;
    const code = Reflect.get(thrown, "errcode") ?? Reflect.get(thrown, "errno");
    return typeof code === "number" ? code & 0xff : undefined;
}
