/**
 * Makes `plugins/sluice`: the plugin that Claude Code installs straight from this repository, with the whole program in it.
 *
 * Owns: what that folder holds. Never: builds `dist`; `npm run plugin` does so first.
 * The program is dist as the compiler wrote it, a file for each module, so that two branches merge there as they do in src. Only the names
 * of packages in its imports are changed: what they bring is bundled into `dist/vendor`. Why it is committed: docs/decisions.md.
 */
import {
  chmodSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { build } from "tsdown";
import { fillTemplate } from "../src/cli/claude/claude-folder.ts";

const ROOT = join(import.meta.dirname, "..");
export const PLUGIN_FOLDER = join(import.meta.dirname, "sluice");
const LAUNCHER = "bin/sluice";
/** What is run or asked for by its path; the doors of the package are added to it. */
const ENTRIES = ["dist/cli/main.js", "dist/author/child/main.js"];
/** Senders, which are found by the names of their files. */
const ROWS = "dist/catalogue/rows/*/*.js";
/** An author's file may ask for any name of any door of it (src/author/own-packages.ts). */
const WHOLE = "zod";
/** An import of the compiler's output, or of the bundled command line's: what stands before the name, and the name. */
const IMPORT = /(^(?:import|export)\b[^"']*?\bfrom |^import |\bimport\(|\brequire\()"([^"]+)"/gm;

type Files = Map<string, Buffer>;

/** The folder's files by path. */
export async function makePlugin(): Promise<Files> {
  const files: Files = new Map();
  addTemplates(files);
  const manifest = toManifest();
  const rows = globSync(ROWS, { cwd: ROOT });
  const program = readProgram([...ENTRIES, ...rows, ...Object.values(manifest.exports)]);
  const vendor = new Vendor();
  for (const door of listDoors(WHOLE)) {
    const names = (await import(door)) as object;
    vendor.add(door, "default" in names ? ["*", "default"] : ["*"]);
  }
  for (const [path, text] of program)
    files.set(
      path,
      Buffer.from(
        text.replaceAll(IMPORT, (all, before: string, name: string) =>
          isPackage(name) ? `${before}"${vendor.place(path, name, all)}"` : all,
        ),
      ),
    );
  for (const [path, bytes] of await vendor.build()) files.set(path, bytes);
  for (const pattern of [
    "dist/{cli,client}/package.json",
    "dist/client/*.js",
    "dist/web/*",
    "dist/inspector-page/*",
    "dist/store/schema/*.sql",
    "dist/catalogue/rows/*/*.json",
    "templates/*/*",
  ])
    for (const path of globSync(pattern, { cwd: ROOT })) files.set(path, read(path));
  for (const path of globSync("bin/*", { cwd: ROOT })) files.set(path, read(path));
  files.set(LAUNCHER, read("plugins/launcher.sh"));
  files.set("package.json", toJson(manifest));
  return new Map([...files].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** As what an author's file finds it: by the package's name and doors. */
function toManifest() {
  const { name, version, license, engines, exports } = JSON.parse(
    read("package.json").toString(),
  ) as { exports: Record<string, { default: string }>; [key: string]: unknown };
  const doors = Object.entries(exports).map(([door, { default: path }]) => [door, path] as const);
  const rest = { name, version, private: true, type: "module", license, engines };
  return { ...rest, exports: Object.fromEntries(doors) };
}

/** What can be imported of a package, but for files that it only lets through. */
function listDoors(name: string): string[] {
  const { exports } = JSON.parse(read(`node_modules/${name}/package.json`).toString()) as {
    exports: Record<string, unknown>;
  };
  return Object.keys(exports)
    .filter((door) => !door.includes("*") && !door.endsWith(".json"))
    .map((door) => posix.join(name, door));
}

/** What `sluice connect claude` fills with this machine's paths is filled with the place that the client gives the plugin. */
function addTemplates(files: Files): void {
  for (const path of globSync("plugin/{,.}*{,/**/{,.}*}", { cwd: ROOT }))
    if (statSync(join(ROOT, path)).isFile()) files.set(path.slice("plugin/".length), read(path));
  const launcher = `"\${CLAUDE_PLUGIN_ROOT}/${LAUNCHER}"`;
  const inClient = ["/bin/sh", `\${CLAUDE_PLUGIN_ROOT}/${LAUNCHER}`, "--plugin-server"];
  const [command, ...args] = inClient;
  files.set(".mcp.json", toJson({ mcpServers: { sluice: { command, args } } }));
  const monitors = "monitors/monitors.json";
  const [bell] = JSON.parse(readFile(files, monitors)) as [object];
  files.set(monitors, toJson([{ ...bell, command: `exec /bin/sh ${launcher} --plugin-bell` }]));
  const skills = { status: "status", access: "access list", configure: "doctor" };
  for (const [skill, words] of Object.entries(skills)) {
    const path = `skills/${skill}/SKILL.md`;
    const [key = ""] = words.split(" ");
    const text = `/bin/sh ${launcher} ${words}`;
    const rule = JSON.stringify(text).slice(1, -1);
    const values = {
      [key]: text,
      [`${key}Rule`]: rule,
      again:
        "start the session anew, and if that does not help `claude plugin install sluice@sluice`",
      command: `\nWhere the terminal knows no command \`sluice\`, it is \`${launcher}\`: say so with the path written out.\n`,
    };
    files.set(path, Buffer.from(fillTemplate(readFile(files, path), values)));
  }
  files.set("README.md", read("plugins/README.md"));
}

/** Everything that these may load, by path. */
function readProgram(entries: readonly string[]): Map<string, string> {
  const program = new Map<string, string>();
  const open = entries.map((path) => posix.normalize(path));
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (program.has(path)) continue;
    const text = read(path).toString();
    program.set(path, text);
    for (const [, , name = ""] of text.matchAll(IMPORT))
      if (name.startsWith(".")) open.push(posix.join(posix.dirname(path), name));
  }
  return program;
}

/** The packages that the program imports, each bundled with what it needs, and only with what is used of it. */
class Vendor {
  /** Imported names by package; `*` is all of them. */
  readonly #names = new Map<string, Set<string>>();

  add(name: string, names: readonly string[]): void {
    this.#names.set(name, new Set([...(this.#names.get(name) ?? []), ...names]));
  }

  /** Notes what is imported there, and returns the path that replaces the name. */
  place(from: string, name: string, statement: string): string {
    const [, braces] = /\{([^}]*)\}/.exec(statement) ?? [];
    // A package that is loaded late is not ECMAScript, and has nothing but a default.
    if (statement.includes("import(")) this.add(name, ["default"]);
    else if (braces === undefined)
      this.add(name, [/^import [^*{]/.test(statement) ? "default" : "*"]);
    else
      this.add(
        name,
        braces.split(",").map((one) => one.trim().split(" as ")[0] ?? ""),
      );
    return posix.relative(posix.dirname(from), `dist/vendor/${toFileName(name)}.js`);
  }

  async build(): Promise<Files> {
    const folder = mkdtempSync(join(tmpdir(), "sluice-vendor-"));
    // Below the root: packages are looked for from there.
    const entries = mkdtempSync(join(ROOT, "node_modules", ".sluice-vendor-"));
    try {
      const entry: Record<string, string> = {};
      for (const [name, names] of [...this.#names].toSorted()) {
        const file = join(entries, `${toFileName(name)}.mjs`);
        const list = [...names].toSorted();
        const from = JSON.stringify(name);
        writeFileSync(
          file,
          list
            .map((one) =>
              one === "*" ? `export * from ${from};\n` : `export { ${one} } from ${from};\n`,
            )
            .join(""),
        );
        entry[toFileName(name)] = file;
      }
      await build({
        config: false,
        entry,
        cwd: ROOT,
        outDir: folder,
        format: "esm",
        platform: "node",
        target: "node22.13",
        outExtensions: () => ({ js: ".js" }),
        outputOptions: { chunkFileNames: "shared-[name].js" },
        deps: { alwaysBundle: [/.*/] },
        minify: true,
        dts: false,
        logLevel: "error",
      });
      const files: Files = new Map();
      for (const path of globSync("**/*.js", { cwd: folder }))
        files.set(`dist/vendor/${path}`, readFileSync(join(folder, path)));
      files.set("dist/vendor/LICENSES.txt", toLicences());
      return files;
    } finally {
      rmSync(folder, { recursive: true, force: true });
      rmSync(entries, { recursive: true, force: true });
    }
  }
}

/** The licences of all packages that an installation has: more than what is bundled of them, never less. */
function toLicences(): Buffer {
  const lock = JSON.parse(read("package-lock.json").toString()) as {
    packages: Record<string, { dev?: boolean; version?: string; license?: string }>;
  };
  const inPage = ["node_modules/preact"];
  const texts = Object.entries(lock.packages)
    .filter(([path, { dev }]) => path !== "" && (dev !== true || inPage.includes(path)))
    .map(([path, { version = "", license = "" }]) => {
      const [file] = globSync("{LICEN[CS]E,licen[cs]e}*", { cwd: join(ROOT, path) }).toSorted();
      const text = file === undefined ? "" : `\n${read(join(path, file)).toString().trim()}\n`;
      return `${path.replace(/^.*node_modules\//, "")} ${version} (${license})\n${text}`;
    });
  return Buffer.from(texts.join(`\n${"-".repeat(80)}\n\n`));
}

/** Writes the folder anew. */
export function writePlugin(files: Files, folder = PLUGIN_FOLDER): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, bytes] of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    if (path === LAUNCHER || path === "bin/sluice.js") chmodSync(file, 0o755);
  }
}

/** The paths at which the folder is not what it should be. */
export function listDifferences(files: Files, folder = PLUGIN_FOLDER): string[] {
  const there = globSync("{,.}*{,/**/{,.}*}", { cwd: folder }).filter((path) =>
    statSync(join(folder, path)).isFile(),
  );
  return [...new Set([...there, ...files.keys()])].toSorted().filter((path) => {
    const file = join(folder, path);
    return !existsSync(file) || files.get(path)?.equals(readFileSync(file)) !== true;
  });
}

function isPackage(name: string): boolean {
  return !name.startsWith(".") && !isBuiltin(name);
}

function toFileName(name: string): string {
  return name.replaceAll("@", "").replaceAll("/", "-");
}

function readFile(files: Files, path: string): string {
  return files.get(path)?.toString("utf8") ?? "";
}

function read(path: string): Buffer {
  return readFileSync(join(ROOT, path));
}

function toJson(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);
}

if (process.argv[1] === import.meta.filename) writePlugin(await makePlugin());
