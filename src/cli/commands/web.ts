/**
 * `sluice web`.
 *
 * Owns: the list of signed-in browsers, and signing one out. Never: signs one in (open.ts).
 */
import { read } from "../../api/client/client.ts";
import { defineCommand, flag, JSON_ARG, optionalPositional } from "../command.ts";
import { toUsageFault } from "../exit.ts";
import { ask, withHub } from "../hub.ts";
import { renderPage } from "../output/hub-lines.ts";
import { changeRemote, setPassphrase, toRemoteLines } from "./web-remote.ts";
import {
  printJson,
  printLine,
  printLines,
  renderTable,
  toAgo,
  toCount,
  toLine,
} from "../output/print.ts";

export const web = defineCommand({
  description:
    "Lists signed-in browsers and remote access. Without an action, shows both. Actions: sessions (lists the browsers); revoke [<id>] (signs out one browser, or all); passphrase (sets the passphrase for signing in from elsewhere, typed twice); remote [<https-origin>|off] (lets the page be opened at that one address, through your own tunnel). The last two need a person at a terminal.",
  args: {
    action: optionalPositional(
      "sessions, revoke, passphrase or remote (default: shows browsers and remote access)",
    ),
    what: optionalPositional(
      "With revoke: the browser (default: all); with remote: the origin, or off",
    ),
    "passphrase-stdin": flag("Read the passphrase from a pipe"),
    json: JSON_ARG,
  },
  examples: [
    "sluice web",
    "sluice web remote https://sluice.example.org",
    "sluice web revoke 3f2a91c0",
  ],
  async run({ args }) {
    const { action, what } = args;
    const json = args.json === true;
    const isPiped = args["passphrase-stdin"] === true;
    if (isPiped && action !== "passphrase")
      throw toUsageFault("--passphrase-stdin belongs to sluice web passphrase");
    if (action === undefined) return show(json);
    if (action === "sessions" && what === undefined) return list(json);
    if (action === "revoke") return revoke(what, json);
    if (action === "remote") return changeRemote(what, json);
    if (action === "passphrase") {
      if (what !== undefined)
        throw toUsageFault(
          "the passphrase is never an argument: others could list it; it is typed",
        );
      return setPassphrase(isPiped, json);
    }
    throw toUsageFault(
      `sluice web takes sessions, revoke, passphrase or remote, not "${toLine(action)}"`,
    );
  },
});

/** How things are, and what can be done about it. */
async function show(json: boolean): Promise<void> {
  const { page, remote, sessions } = await withHub(async (api) => ({
    page: (await read(api.hub.$get())).web,
    remote: await read(api.web.remote.$get()),
    sessions: await read(api.web.sessions.$get()),
  }));
  if (json) return printJson({ page, remote, sessions });
  printLine(`page: ${renderPage(page)}`);
  printLines(toRemoteLines(remote));
  printLine(
    sessions.length === 0
      ? "no browser is signed in"
      : `${toCount(sessions.length, "browser")} signed in: sluice web sessions, sluice web revoke [<id>]`,
  );
}

async function list(json: boolean): Promise<void> {
  const sessions = await ask((api) => api.web.sessions.$get());
  if (json) return printJson(sessions);
  if (sessions.length === 0) return printLine("no browser is signed in");
  const now = Date.now();
  const rows = sessions.map((one) => [
    one.id,
    toAgo(one.createdAt, now),
    one.place === "remote" ? "elsewhere" : "here",
    one.mayAllow ? "yes" : "no",
    toLine(one.label),
  ]);
  const heads = ["ID", "SIGNED IN", "FROM", "MAY ALLOW", "BROWSER"];
  printLines(renderTable(heads, rows));
}

async function revoke(id: string | undefined, json: boolean): Promise<void> {
  const { ended } = await ask((api) =>
    id === undefined
      ? api.web.sessions.$delete()
      : api.web.sessions[":id"].$delete({ param: { id } }),
  );
  if (json) return printJson({ ended });
  printLine(ended === 1 ? "1 browser signed out" : `${ended} browsers signed out`);
}
