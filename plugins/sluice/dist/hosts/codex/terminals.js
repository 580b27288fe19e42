/**
 * The terminals in which people have Codex open.
 *
 * Owns: finding them among the processes of this user. Never: speaks to one.
 *
 * Codex tells nobody whether a thread is on somebody's screen: it keeps one loaded for a minute after its terminal was closed, and for as
 * long as we listen. So the processes are looked at.
 */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { promisify } from "node:util";
/** Commands of Codex that open a conversation; without one it does, too. */
const OPENING = new Set(["resume", "fork"]);
/** Options that take a value, which is no command. */
const VALUED = /^(?:-[ciCmpsa]|--(?:config|image|cd|model|profile|sandbox|ask-for-approval|remote|add-dir|enable|disable|local-provider))$/;
const ROLLOUT = /\/sessions\/.*\/rollout-.*\.jsonl$/;
const LOOK_MS = 5_000;
/** `folder`: CODEX_HOME, by its real path. */
export async function listTerminals(folder) {
    return process.platform === "linux" ? listByProc(folder) : listByPs();
}
function listByProc(folder) {
    return readdirSync("/proc").flatMap((name) => {
        if (!/^\d+$/.test(name))
            return [];
        try {
            const argv = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0").slice(0, -1);
            if (!isTerminal(argv) || realpathSync(readHome(name)) !== folder)
                return [];
            const terminal = {
                pid: Number(name),
                cwd: toFolder(argv, readlinkSync(`/proc/${name}/cwd`)),
            };
            return [{ ...terminal, own: readOwn(name, argv, folder) }];
        }
        catch {
            // It has ended, or is another user's.
            return [];
        }
    });
}
/** CODEX_HOME, as the process has it. */
function readHome(pid) {
    const lines = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    const read = (name) => lines.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
    return read("CODEX_HOME") || join(read("HOME"), ".codex");
}
function readOwn(pid, argv, folder) {
    const links = readdirSync(`/proc/${pid}/fd`).map((fd) => readLink(`/proc/${pid}/fd/${fd}`));
    const rollout = links.find((path) => path.startsWith(`${folder}/`) && ROLLOUT.test(path));
    return rollout === undefined && !argv.includes("--no-daemon") ? undefined : { rollout };
}
function readLink(path) {
    try {
        return readlinkSync(path);
    }
    catch {
        // Closed meanwhile.
        return "";
    }
}
/** Where there is no /proc. Whose CODEX_HOME it is, is not told. */
async function listByPs() {
    const run = promisify(execFile);
    const options = { timeout: LOOK_MS, env: { PATH: "/bin:/usr/bin:/usr/sbin", LC_ALL: "C" } };
    const { stdout } = await run("ps", ["-x", "-ww", "-o", "pid=,args="], options);
    const rows = stdout.split("\n").flatMap((line) => {
        const [, pid, args] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
        const argv = args?.split(" ") ?? [];
        return pid === undefined || !isTerminal(argv) ? [] : [{ pid, argv }];
    });
    if (rows.length === 0)
        return [];
    const pids = rows.map(({ pid }) => pid).join(",");
    const looked = await run("lsof", ["-a", "-d", "cwd", "-p", pids, "-Fpn"], options);
    return rows.flatMap(({ pid, argv }) => {
        const [, cwd] = new RegExp(`^p${pid}\\n(?:f.*\\n)?n(.*)$`, "m").exec(looked.stdout) ?? [];
        if (cwd === undefined)
            return [];
        const own = argv.includes("--no-daemon") ? { rollout: undefined } : undefined;
        return [{ pid: Number(pid), cwd: toFolder(argv, cwd), own }];
    });
}
/** A process of Codex itself, and not of the script that npm puts before it. */
export function isTerminal(argv) {
    if (basename(argv[0] ?? "") !== "codex")
        return false;
    const command = argv.slice(1).find((word, index) => {
        const before = argv[index] ?? "";
        return !word.startsWith("-") && !(index > 0 && VALUED.test(before));
    });
    // What stands there may be the first prompt as well: that has blanks, or is no command of Codex.
    return command === undefined || OPENING.has(command) || !COMMANDS.has(command);
}
const COMMANDS = new Set(`agents exec e review login logout mcp mcp-server plugin app-server app remote-control completion update doctor sandbox debug execpolicy
   apply a queue archive delete migrate-rollouts migrate-nfs-db unarchive cloud exec-server features help responses-api-proxy
   stdio-to-uds`.split(/\s+/));
function toFolder(argv, cwd) {
    const at = argv.findIndex((word) => word === "-C" || word === "--cd");
    const named = argv.find((word) => word.startsWith("--cd="))?.slice(5) ?? (at < 0 ? undefined : argv[at + 1]);
    return named === undefined ? cwd : resolve(cwd, named);
}
