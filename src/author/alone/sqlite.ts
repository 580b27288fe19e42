/**
 * SQLite as the runtime has it: `node:sqlite` on Node and Deno, `bun:sqlite` on Bun.
 *
 * Owns: that difference, and the words for a fault. Never: knows a table.
 */
import { SluiceError, toMessage } from "../../sdk/errors.ts";

export type SqlValue = string | number | null;
export type SqlRow = Record<string, SqlValue>;

/** What both have in common. */
type Statement = {
  run(...values: SqlValue[]): { changes: number | bigint };
  get(...values: SqlValue[]): unknown;
  all(...values: SqlValue[]): unknown[];
};
type Connection = { exec(sql: string): unknown; prepare(sql: string): Statement; close(): void };

const BUSY = 5;
const CORRUPT = 11;
const FULL = 13;
const NOTADB = 26;

export class Sqlite {
  readonly #db: Connection;
  readonly #path: string;
  readonly #statements = new Map<string, Statement>();

  private constructor(db: Connection, path: string) {
    this.#db = db;
    this.#path = path;
  }

  /** @throws SluiceError store_*. */
  static async open(path: string): Promise<Sqlite> {
    try {
      return new Sqlite(await connect(path), path);
    } catch (thrown) {
      throw toFault(thrown, path);
    }
  }

  exec(sql: string): void {
    this.#try(() => this.#db.exec(sql));
  }

  /** How many rows it changed. */
  run(sql: string, ...values: SqlValue[]): number {
    return this.#try(() => Number(this.#prepare(sql).run(...values).changes));
  }

  get<T extends SqlRow>(sql: string, ...values: SqlValue[]): T | undefined {
    // Rows are untyped; the statement beside the call makes the type true. Bun says null for none.
    return this.#try(
      () => (this.#prepare(sql).get(...values) as T | null | undefined) ?? undefined,
    );
  }

  all<T extends SqlRow>(sql: string, ...values: SqlValue[]): T[] {
    return this.#try(() => this.#prepare(sql).all(...values) as T[]);
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #prepare(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#db.prepare(sql)));
    return statement;
  }

  #try<T>(work: () => T): T {
    try {
      return work();
    } catch (thrown) {
      throw toFault(thrown, this.#path);
    }
  }
}

async function connect(path: string): Promise<Connection> {
  if (process.versions["bun"] === undefined) {
    const { DatabaseSync } = await import("node:sqlite");
    return new DatabaseSync(path);
  }
  // Only Bun has it, and only there it is looked for.
  const name = "bun:sqlite";
  const { Database } = (await import(name)) as { Database: new (path: string) => Connection };
  return new Database(path);
}

function toFault(thrown: unknown, path: string): SluiceError {
  if (thrown instanceof SluiceError) return thrown;
  const said = toMessage(thrown).replaceAll(/\s+/g, " ").slice(0, 300);
  const options = { cause: thrown };
  switch (readCode(thrown)) {
    case BUSY:
      return new SluiceError("store_busy", `inbox ${path} is in use by another process`, {
        ...options,
        retryable: true,
      });
    case FULL:
      return new SluiceError(
        "store_full",
        `inbox ${path}: the disk is full; free some space, waiting events are kept`,
        { ...options, retryable: true, retryAfterMs: 60_000 },
      );
    case CORRUPT:
    case NOTADB:
      return new SluiceError(
        "store_corrupt",
        `inbox ${path} is damaged (${said}) and nothing was changed; move the file aside to begin a new one`,
        options,
      );
    default:
      return new SluiceError(
        "store_readonly",
        `inbox ${path} cannot be used (${said}); check its owner, mode and disk`,
        options,
      );
  }
}

/** Node calls it `errcode`, Bun `errno`; extended codes carry the primary one in the low byte. */
function readCode(thrown: unknown): number | undefined {
  if (typeof thrown !== "object" || thrown === null) return undefined;
  const code: unknown = Reflect.get(thrown, "errcode") ?? Reflect.get(thrown, "errno");
  return typeof code === "number" ? code & 0xff : undefined;
}
