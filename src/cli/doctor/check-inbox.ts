/**
 * Doctor's checks of the inbox's file and its backups.
 *
 * Owns: what counts as in order there. Never: starts or changes anything.
 */
import type { Home } from "../../local/home.ts";
import type { StatusView } from "../../api/wire/wire.ts";
import { attempt, type Check, fail, pass } from "./check.ts";
import { toAgo } from "../output/print.ts";

const DAY_MS = 86_400_000;

export async function checkInboxSide(home: Home, status: StatusView | undefined): Promise<Check[]> {
  // Loads SQLite: only doctor gets here.
  const { checkInbox, readBackupState } = await import("../../hub/upkeep/inspect.ts");
  const inbox = await attempt("inbox", () => {
    // What a running hub reads and writes, it judges itself; reading all of it beside would cost both.
    if (status !== undefined) return [checkOldest(home, status)];
    const state = checkInbox(home);
    if (state.kind === "none") return [pass("inbox", "none yet")];
    const untried = state.kind === "untried" ? `; not tried to open: ${state.reason}` : "";
    return [pass("inbox", `${home.database}, sound${untried}`)];
  });
  const backup = await attempt("backup", () => {
    const state = readBackupState(home);
    if (state === undefined) return [pass("backup", "none yet; a hub makes one a day")];
    const { path, madeAt } = state;
    const detail = `${path}, ${toAgo(madeAt, Date.now())}`;
    const isLate = status !== undefined && status.hub.uptimeMs > DAY_MS;
    if (!isLate || Date.now() - madeAt < 2 * DAY_MS) return [pass("backup", detail)];
    return [
      fail("backup", detail, "free disk space (below 10 % none is made), or see the hub's log"),
    ];
  });
  return [...inbox, ...backup];
}

function checkOldest(home: Home, { oldestUnseen }: StatusView): Check {
  if (oldestUnseen === undefined) return pass("inbox", `${home.database}, nothing unseen in it`);
  const { id, ageMs, why } = oldestUnseen;
  const now = Date.now();
  const reason = why === undefined ? "" : `: ${why}`;
  return pass(
    "inbox",
    `${home.database}, oldest unseen ${id} from ${toAgo(now - ageMs, now)}${reason}`,
  );
}
