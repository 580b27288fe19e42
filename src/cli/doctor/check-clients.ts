/**
 * Doctor's checks of the sessions that the client has open: those without a server of ours get no events.
 *
 * Owns: what counts as in order there. Never: starts, ends or changes a session.
 */
import type { StatusView } from "../../api/wire/wire.ts";
import { type Check, fail } from "./check.ts";
import type { ClientRow, PluginRow } from "../claude/claude-client.ts";

/** Installed for some projects only, the plugin is missing nowhere else. */
export function isDue({ cwd }: ClientRow, plugins: readonly PluginRow[]): boolean {
  return plugins.some(({ projectPath }) => projectPath === undefined || projectPath === cwd);
}

const ATTENDED: ReadonlySet<string> = new Set(["interactive", "background"]);
/** How long a client may take until its server is there. */
const STARTING_MS = 15_000;

/** Sessions that the client has open, and that have no server of ours: nothing reaches them. */
export function checkClients(
  rows: readonly ClientRow[],
  { sessions }: Pick<StatusView, "sessions">,
  now = Date.now(),
): Check[] {
  return rows
    .filter(({ pid, kind, startedAt }) => {
      // Nobody sits at the others, and nothing is due to them.
      if (!ATTENDED.has(kind)) return false;
      const isConnected = sessions.some(({ client }) => client.pid === pid);
      return !isConnected && (now - startedAt > STARTING_MS || now < startedAt);
    })
    .map(({ pid, cwd, kind, name }) =>
      fail(
        `client ${name}`,
        `${kind}, pid ${pid}, ${cwd}, runs without the plugin: it was started before that was installed, with --bare, in a folder that it does not trust, or its server was stopped`,
        "restart that session, or reconnect sluice in its /mcp",
      ),
    );
}
