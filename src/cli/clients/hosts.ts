/**
 * The hosts of the hub, as commands switch them.
 *
 * Owns: where an agent keeps its things. Never: what the hub does there.
 */
import { isAbsolute, join, resolve } from "node:path";
import type { HostName, HostSetting } from "../../api/wire/host-wire.ts";
import { type Env, requireUserFolder } from "../../local/home.ts";
import { readCallerFacts } from "../access-terminal.ts";
import { ask } from "../hub.ts";

/** https://developers.openai.com/codex/config-advanced and https://opencode.ai/docs/config */
const FOLDERS: Record<HostName, { variable: string; below: string }> = {
  codex: { variable: "CODEX_HOME", below: ".codex" },
  opencode: { variable: "OPENCODE_CONFIG_DIR", below: join(".config", "opencode") },
};

/** @throws SluiceError `bad_config` where HOME is needed and names no folder. */
export function toHostFolder(name: HostName, env: Env): string {
  const { variable, below } = FOLDERS[name];
  const named = env[variable];
  if (named !== undefined && named !== "") return isAbsolute(named) ? named : resolve(named);
  return join(requireUserFolder(env, `${variable} to its folder`), below);
}

export async function addHost(name: HostName, env: Env): Promise<HostSetting> {
  const folder = toHostFolder(name, env);
  const json = { folder, caller: readCallerFacts() };
  await ask((api) => api.hosts[":name"].$put({ param: { name }, json }));
  return { folder };
}

/** False where it was not on. */
export async function removeHost(name: HostName): Promise<boolean> {
  const json = { caller: readCallerFacts() };
  const { removed } = await ask((api) =>
    api.hosts[":name"].remove.$post({ param: { name }, json }),
  );
  return removed;
}
