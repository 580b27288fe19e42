/**
 * The open SQLite file, and group commit.
 *
 * Owns: the connection, the one transaction of an event-loop turn. Never: knows what the tables mean; makes or checks a file
 * (database-file.ts).
 *
 * D1 A promise of `write` resolves only after COMMIT, with synchronous=FULL: what it wrote survives a power cut.
 * D2 All writes of one event-loop turn stand in one transaction: all or none of them.
 * D3 Damaged, newer or unwritable files are refused; the file is never replaced or emptied.
 */
import { existsSync, statSync } from "node:fs";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { SluiceError } from "../sdk/errors.ts";
import { canShareFile, Checkpoints } from "./checkpoints.ts";
import { leaveMark } from "./closed-mark.ts";
import {
  checkFile,
  configure,
  createFile,
  type DatabaseOptions,
  isBelieved,
  migrate,
} from "./database-file.ts";
import { toStoreFault } from "./fault.ts";
import { leaveOpenMark, removeOpenMark } from "./open-mark.ts";

/** Up to here a file is read whole at every start: it takes a tenth of a second. */
const SMALL_BYTES = 64 * 1024 ** 2;

type Waiter = { resolve: () => void; reject: (reason: unknown) => void };
export type Row = Record<string, SQLInputValue>;

export class Database {
  readonly path: string;
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #listeners = new Map<string, (value: string) => void>();
  readonly #beforeCommit: (() => void)[] = [];
  readonly #changed = new Set<string>();
  readonly #watchers = new Set<(events: readonly string[]) => void>();
  #waiters: Waiter[] | undefined;
  readonly #checkpoints: Checkpoints | undefined;
  #rollbacks = 0;
  #isChecked = true;

  constructor(path: string, options: DatabaseOptions = {}) {
    this.path = path;
    let db: DatabaseSync | undefined;
    try {
      if (!existsSync(path)) createFile(path, options);
      else if (options.simulated === true) this.#isChecked = false;
      else if (isBelieved(path) && statSync(path).size > SMALL_BYTES) this.#isChecked = false;
      else checkFile(path);
      db = new DatabaseSync(path);
      configure(db, options);
      migrate(db, path);
      // A file that can only be read opens without complaint, and even begins a transaction; a change it refuses.
      db.exec("BEGIN IMMEDIATE; PRAGMA user_version = 0; ROLLBACK");
    } catch (thrown) {
      db?.close();
      throw toStoreFault(thrown, path);
    }
    this.#db = db;
    if (options.checkpoints === "thread" && canShareFile()) {
      // What a burst made of the log goes back to the disk when the log begins anew.
      db.exec(`PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = ${SMALL_BYTES}`);
      this.#checkpoints = new Checkpoints(path, () => this.#markOpen());
      this.#markOpen();
    }
  }

  /** False while a large file is only believed to be sound, as its last life left it (closed-mark.ts, open-mark.ts). */
  get isChecked(): boolean {
    return this.#isChecked;
  }

  /** All of it was read since it was opened, and is sound. */
  noteChecked(): void {
    this.#isChecked = true;
    this.#markOpen();
  }

  /** How many transactions were rolled back: whoever keeps a view in memory reloads it when this grows. */
  get rollbacks(): number {
    return this.#rollbacks;
  }

  /**
   * Runs `change` in the transaction of this event-loop turn. Resolves with its result after COMMIT (D1).
   * @throws SluiceError store_* (as a rejection) when this or any other write of the turn failed; then nothing of the turn was kept (D2).
   */
  write<T>(change: () => T): Promise<T> {
    const waiters = this.#begin();
    if (waiters instanceof SluiceError) return Promise.reject(waiters);
    let result: T;
    try {
      result = change();
    } catch (thrown) {
      const fault = toStoreFault(thrown, this.path);
      this.#rollback(fault);
      return Promise.reject(fault);
    }
    return new Promise((resolve, reject) => {
      waiters.push({ resolve: () => resolve(result), reject });
    });
  }

  /**
   * Runs `action` once at the end of this event-loop turn: in the turn's transaction just before it commits, where one is open,
   * so that what follows from a turn's writes shares their commit. It must not throw.
   */
  atTurnEnd(action: () => void): void {
    if (this.#waiters === undefined) setImmediate(action);
    else this.#beforeCommit.push(action);
  }

  /** Notes, inside `write`, that an event was added or changed: whoever watches hears of it after COMMIT. */
  noteChange(event: string): void {
    if (this.#watchers.size > 0) this.#changed.add(event);
  }

  /** Calls `changed` after each commit that added or changed events, with their ids. Returns how to stop. */
  watch(changed: (events: readonly string[]) => void): () => void {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  }

  /**
   * Calls `heard` with what the SQL function `name` is given, by triggers that live as long as this connection: so rows that change are
   * heard of, whoever changes them. Within the turn, before COMMIT; it must not throw or use the database. Takes the place of an
   * earlier `heard` of that name.
   */
  listen(name: string, triggers: readonly string[], heard: (value: string) => void): void {
    const isNew = !this.#listeners.has(name);
    this.#listeners.set(name, heard);
    // Defined once: to define a function anew makes SQLite prepare every statement again.
    if (!isNew) return;
    this.#db.function(name, { deterministic: false }, (value) => {
      this.#listeners.get(name)?.(String(value));
      return null;
    });
    for (const [index, body] of triggers.entries())
      this.#db.exec(`CREATE TEMP TRIGGER IF NOT EXISTS ${name}_${index} ${body}`);
  }

  all<T extends object>(sql: string, ...values: SQLInputValue[]): T[] {
    // node:sqlite gives untyped rows; the statement beside the call is what makes the type true.
    return this.#run(() => this.#prepare(sql).all(...values) as T[]);
  }

  get<T extends object>(sql: string, ...values: SQLInputValue[]): T | undefined {
    return this.#run(() => this.#prepare(sql).get(...values) as T | undefined);
  }

  /** Runs a changing statement; only inside `write`. Returns how many rows it changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  /** Commits what is open and closes the file. */
  close(): void {
    this.#commit();
    this.#statements.clear();
    this.#checkpoints?.close();
    if (this.#checkpoints !== undefined) removeOpenMark(this.path);
    this.#db.close();
    // Twice in a row a file is not believed: what was not read to its end in this life is read before the next.
    if (this.#isChecked) leaveMark(this.path);
  }

  #run<T>(read: () => T): T {
    try {
      return read();
    } catch (thrown) {
      throw toStoreFault(thrown, this.path);
    }
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #begin(): Waiter[] | SluiceError {
    if (this.#waiters !== undefined) return this.#waiters;
    try {
      this.#db.exec("BEGIN IMMEDIATE");
    } catch (thrown) {
      return toStoreFault(thrown, this.path);
    }
    this.#waiters = [];
    // The end of the turn, not a timer: a lone write waits for nothing, a burst shares one fsync.
    setImmediate(() => this.#commit());
    return this.#waiters;
  }

  #commit(): void {
    for (let action = this.#beforeCommit.shift(); action; action = this.#beforeCommit.shift()) {
      action();
    }
    const waiters = this.#waiters;
    if (waiters === undefined) return;
    try {
      this.#db.exec("COMMIT");
    } catch (thrown) {
      this.#rollback(toStoreFault(thrown, this.path));
      return;
    }
    this.#waiters = undefined;
    for (const waiter of waiters) waiter.resolve();
    if (this.#checkpoints?.committed() === true) this.#shortenLog();
    if (this.#changed.size === 0) return;
    const changed = [...this.#changed];
    this.#changed.clear();
    for (const watcher of this.#watchers) watcher(changed);
  }

  #shortenLog(): void {
    try {
      this.#db.exec("PRAGMA wal_checkpoint(PASSIVE)");
    } catch {
      // The file takes no more now (a full disk): all that was promised stands in the log, and the next COMMIT tells.
    }
    this.#markOpen();
  }

  /** Only where the thread is out of the file, and the file was read whole. */
  #markOpen(): void {
    if (this.#checkpoints !== undefined && this.#isChecked) leaveOpenMark(this.path);
  }

  #rollback(fault: SluiceError): void {
    const waiters = this.#waiters ?? [];
    this.#waiters = undefined;
    this.#changed.clear();
    this.#rollbacks++;
    try {
      this.#db.exec("ROLLBACK");
    } catch {
      // SQLite has already rolled back by itself (full disk, I/O error): there is no transaction left to end.
    }
    for (const waiter of waiters) waiter.reject(fault);
  }
}
