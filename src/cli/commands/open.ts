/**
 * `sluice open`.
 *
 * Owns: getting a launch link and opening it in a browser. Never: puts its token where other users could read it: everybody can list the
 * arguments of a process, so the browser opens a private file that redirects to the link.
 */
import { spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { locateHome } from "../../local/home.ts";
import { withUsualUmask } from "../../local/umask.ts";
import { marksSession } from "../../local/session-mark.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { readCallerFacts } from "../access-terminal.ts";
import { defineCommand, flag, JSON_ARG } from "../command.ts";
import { ask } from "../hub.ts";
import { printJson, printLine, printNote } from "../output/print.ts";

export const open = defineCommand({
  description:
    'Opens the chat page in your browser, with a link that works once, within two minutes. The first time, this also adds the channel "chat".',
  args: {
    print: flag("Print the link without opening it"),
    json: JSON_ARG,
  },
  examples: ["sluice open", "sluice open --print"],
  async run({ args }) {
    // Who is signed in on the page speaks as the owner: no session signs itself in.
    if (marksSession(process.env)) {
      throw new SluiceError(
        "unauthorized",
        "open: a session's shell gets no link; run it in a terminal of your own",
      );
    }
    const link = await ask((api) => api.web.links.$post({ json: { caller: readCallerFacts() } }));
    if (args.json === true) {
      printJson(link);
      return;
    }
    printLine(link.url);
    if (!link.mayAllow)
      printNote(
        'made by a script: a browser opened with this link can view and deny, not approve; for full rights run "sluice open" in a terminal',
      );
    const opener = args.print === true ? undefined : findOpener(process.platform, process.env);
    if (opener === undefined) {
      printNote("open it in a browser on this machine; it works once, within two minutes");
      return;
    }
    launch(opener, link.url);
  },
});

/** What opens a file on this desktop; undefined where there is none. */
export function findOpener(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  // Over SSH the desktop is somewhere else.
  if (env["SSH_CONNECTION"] !== undefined) return undefined;
  if (platform === "darwin") return "open";
  const hasDesktop = [env["DISPLAY"], env["WAYLAND_DISPLAY"]].some(
    (display) => display !== undefined && display !== "",
  );
  return platform === "linux" && hasDesktop ? "xdg-open" : undefined;
}

function launch(opener: string, url: string): void {
  const path = join(locateHome(process.env).cacheDir, "open.html");
  rmSync(path, { force: true });
  // The token is of base64url: nothing in it means anything to HTML.
  const page = `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${url}"><title>Sluice</title>\n`;
  writeFileSync(path, page, { mode: 0o600, flag: "wx" });
  // The browser may begin with this, and its downloads are the user's.
  const child = withUsualUmask(() =>
    spawn(opener, [pathToFileURL(path).href], { detached: true, stdio: "ignore" }),
  );
  child.once("error", () => printNote(`${opener} is not there: open the link yourself`));
  child.unref();
}
