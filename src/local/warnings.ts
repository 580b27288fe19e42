/**
 * What Node says of its own modules, to people who cannot change it.
 *
 * Owns: leaving out one warning. Never: hides any other.
 */

/** For the first lines of a process: Node 22 calls `node:sqlite` experimental at each start, the Node that comes after it does not. */
export function leaveOutSqliteWarning(): void {
  const emit = process.emitWarning.bind(process) as (...args: unknown[]) => void;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    const isSqlite = rest[0] === "ExperimentalWarning" && String(warning).startsWith("SQLite");
    if (!isSqlite) emit(warning, ...rest);
  };
}
