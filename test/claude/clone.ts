// A clone of the repository as it stands here, which a test may change, and the Git
// URL that a client of the test clones it by, without a network.
import { execFileSync } from "node:child_process";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import type { ClientHome } from "./home.ts";

const root = join(import.meta.dirname, "..", "..");
const outside = "https://git.example.org/octo/sluice.git";

export class Clone {
  readonly folder: string;
  /** What the user types. */
  readonly url = outside;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Every file that a commit of now would have. */
  static async open(home: ClientHome): Promise<Clone> {
    const folder = join(dirname(home.home), "clone");
    const listed = git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard");
    // Only what the client looks at: what else is in a clone has no part in it.
    const wanted = listed.split("\0").filter((path) => /^(?:\.claude-plugin|plugins)\//.test(path));
    for (const path of wanted) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await cp(join(root, path), join(folder, path));
    }
    git(folder, "init", "--quiet", "--initial-branch=main");
    const clone = new Clone(folder);
    clone.commit();
    const config = `[url "file://${folder}"]\n  insteadOf = ${outside}\n`;
    await writeFile(join(home.home, ".gitconfig"), config);
    return clone;
  }

  commit(): void {
    const who = ["-c", "user.name=octo", "-c", "user.email=octo@example.org"];
    git(this.folder, "add", "--all", "--force");
    git(this.folder, ...who, "commit", "--quiet", "--message=as it is now");
  }

  async change(path: string, from: string, to: string): Promise<void> {
    const file = join(this.folder, path);
    const text = await readFile(file, "utf8");
    if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
    await writeFile(file, text.replaceAll(from, to));
  }
}

function git(cwd: string, ...args: string[]): string {
  // No settings of whoever runs the tests.
  const env = { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", GIT_CONFIG_NOSYSTEM: "1" };
  return execFileSync("git", args, { cwd, env, encoding: "utf8", maxBuffer: 64 << 20 });
}
