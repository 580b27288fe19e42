/**
 * Chooses a session for a command that names none.
 *
 * Owns: that choice, and the refusal where more than one session fits. Never: starts or names a session.
 */
import { type HubClient, read } from "../api/client/client.ts";
import { SluiceError } from "../sdk/errors.ts";
import { toUsageFault } from "./exit.ts";
import { printNote, toLine } from "./output/print.ts";

/** The session that the command runs in, else the only one there is. */
export async function pickSession(api: HubClient["api"]): Promise<string> {
  const { sessions } = await read(api.status.$get());
  // Claude Code tells its shells which conversation they run in.
  const own = process.env["CLAUDE_CODE_SESSION_ID"];
  if (own !== undefined && sessions.some(({ id }) => id === own)) return own;
  const [first, ...others] = sessions;
  if (first !== undefined && others.length === 0) return first.id;
  throw toUsageFault(
    first === undefined
      ? "no session is open; name one with --session"
      : `${sessions.length} sessions are open; name one with --session: ${sessions.map(({ label }) => toLine(label)).join(", ")}`,
  );
}

/** The open session with this id or label. @throws SluiceError `not_found`. */
export async function findOpenSession(api: HubClient["api"], name: string): Promise<string> {
  const { sessions } = await read(api.status.$get());
  const named =
    sessions.find(({ id }) => id === name) ?? sessions.find((one) => one.label === name);
  if (named !== undefined) return named.id;
  throw new SluiceError(
    "not_found",
    `no open session is called "${toLine(name)}"; "sluice sessions" lists them`,
  );
}

export async function noteUnknownChannel(api: HubClient["api"], name: string): Promise<void> {
  const channels = await read(api.channels.$get());
  if (channels.some((one) => one.name === name)) return;
  printNote(`there is no channel "${toLine(name)}" yet; "sluice channels" lists them`);
}
