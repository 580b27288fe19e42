// An empty home for one client: no login, no settings, no plugins but the test's.
// Owns the folder and the environment; never reads the real home.
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

// Long enough for the client to accept it; it opens nothing anywhere.
const dummyKey = "sk-ant-api03-not-a-key-only-for-the-scripted-model-0000000000000000";

export type ClientHome = {
  home: string;
  /** The folder the client works in, already trusted. */
  project: string;
  /** The complete environment: nothing else is inherited. */
  env: Record<string, string>;
  [Symbol.asyncDispose](): Promise<void>;
};

export async function openHome(options: {
  apiUrl: string;
  env?: Record<string, string> | undefined;
  /** Content of ~/.claude/settings.json. */
  settings?: object | undefined;
  trusted?: boolean | undefined;
}): Promise<ClientHome> {
  // Resolved: on macOS the temporary folder is a link, and trust is by real path.
  const root = await realpath(await mkdtemp(join(tmpdir(), "sluice-claude-")));
  const home = join(root, "home");
  const project = join(root, "project");
  await mkdir(join(home, ".claude"), { recursive: true });
  await mkdir(project);
  // One letter: sockets stand in it, and their paths may have 104 characters.
  const temporary = join(root, "t");
  await mkdir(temporary);
  const state = {
    hasCompletedOnboarding: true,
    theme: "dark",
    customApiKeyResponses: { approved: [dummyKey.slice(-20)], rejected: [] },
    projects: { [project]: { hasTrustDialogAccepted: options.trusted ?? true } },
  };
  await writeFile(join(home, ".claude.json"), JSON.stringify(state));
  if (options.settings)
    await writeFile(join(home, ".claude", "settings.json"), JSON.stringify(options.settings));
  return {
    home,
    project,
    env: {
      HOME: home,
      PATH: process.env["PATH"] ?? "",
      TERM: "xterm-256color",
      LANG: "C.UTF-8",
      DISABLE_AUTOUPDATER: "1",
      // Task outputs and sockets would otherwise stay in the machine's own folder.
      CLAUDE_CODE_TMPDIR: temporary,
      ANTHROPIC_BASE_URL: options.apiUrl,
      ANTHROPIC_API_KEY: dummyKey,
      ...options.env,
    },
    async [Symbol.asyncDispose]() {
      await rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}
