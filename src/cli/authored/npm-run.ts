/**
 * Runs the user's own npm in a folder, and ends it where it brings too much.
 *
 * Owns: that process, its time and its room on the disk. Never: what is installed (npm.ts).
 *
 * NPMRUN-1 All that npm lays down, what it unpacks and what it keeps of the download, stands in one folder and is bounded; nothing of it is
 *    left where it is ended.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Env } from "../../local/home.ts";
import { SluiceError } from "../../sdk/errors.ts";

export type NpmLimits = { timeoutMs: number; maxBytes: number; maxFiles: number };
export type NpmEnd = { isDone: boolean; stderr: string };

const LOOK_EVERY_MS = 250;
const MAX_STDERR_CHARS = 256 * 1024;

/** `cwd` lies in `room`, the folder that everything goes to. @throws SluiceError `unsupported` without npm, `too_large`, `bad_config` where it takes too long. */
export async function runNpm(
  args: readonly string[],
  { cwd, room }: { cwd: string; room: string },
  env: Env,
  { timeoutMs, maxBytes, maxFiles }: NpmLimits,
): Promise<NpmEnd> {
  // A group of its own: what is called npm may be a script that starts it.
  const child = spawn("npm", args, {
    cwd,
    env,
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  const forget = endWithUs(child);
  let stderr = "";
  let fault: SluiceError | undefined;
  const end = (code: "too_large" | "bad_config", what: string): void => {
    fault ??= new SluiceError(code, what);
    killGroup(child);
  };
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    if (stderr.length < MAX_STDERR_CHARS) stderr += text;
  });
  const timer = setTimeout(
    () =>
      end(
        "bad_config",
        `npm was not done within ${Math.round(timeoutMs / 1_000)} s; nothing was added`,
      ),
    timeoutMs,
  );
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", (cause: NodeJS.ErrnoException) =>
      reject(
        new SluiceError(
          "unsupported",
          cause.code === "ENOENT"
            ? "npm is not on PATH; install it, or add the channel from a file"
            : `npm cannot be started (${cause.message})`,
          { cause },
        ),
      ),
    );
    child.once("close", resolve);
  });
  const isOver = async (): Promise<boolean> => {
    const { bytes, files } = await measure(room);
    return bytes > maxBytes || files > maxFiles;
  };
  const tooMuch = `npm brings more than ${maxBytes / 1024 / 1024} MiB, or ${maxFiles} files; nothing was added. Take a package with fewer dependencies, or one that is bundled`;
  let isEnded = false;
  const watching = (async () => {
    while (!isEnded) {
      if (await isOver()) return end("too_large", tooMuch);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  })();
  try {
    const code = await ended;
    isEnded = true;
    await watching;
    // Between two looks.
    if (fault === undefined && (await isOver())) end("too_large", tooMuch);
    if (fault !== undefined) throw fault;
    return { isDone: code === 0, stderr };
  } finally {
    isEnded = true;
    clearTimeout(timer);
    forget();
  }
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // All of it has ended.
  }
}

/** Whoever breaks this command off breaks off the download. Call the result once it has ended. */
function endWithUs(child: ChildProcess): () => void {
  const stop = (signal: NodeJS.Signals): void => {
    killGroup(child);
    forget();
    process.kill(process.pid, signal);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const forget = (): void => signals.forEach((signal) => process.off(signal, stop));
  for (const signal of signals) process.on(signal, stop);
  return forget;
}

/** Of a folder that is being changed: what is gone by the time it is looked at counts nothing. */
async function measure(folder: string): Promise<{ bytes: number; files: number }> {
  const total = { bytes: 0, files: 0 };
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const part = entry.isDirectory()
      ? await measure(path)
      : { bytes: (await lstat(path).catch(() => undefined))?.size ?? 0, files: 1 };
    total.bytes += part.bytes;
    total.files += part.files;
  }
  return total;
}
