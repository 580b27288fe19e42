import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { startRig } from "../../src/inspect/inspect-rig.fixture.ts";
import { openPage } from "../../src/inspect/page.ts";
import { openBrowser, openTab, SKIPPED } from "./browser.ts";
import { XSS_PAYLOADS } from "./xss-payloads.ts";

// A browser and a server on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const SERVER = join(import.meta.dirname, "../../src/inspect/webhook-server.fixture.ts");

test.skipIf(SKIPPED !== undefined || process.platform !== "linux")(
  "the inspector's page: an event as read, a tool called by its form, 60 payloads that stay text, and no page without the token",
  async () => {
    await using rig = await startRig(SERVER);
    const page = await openPage({
      inspector: rig.inspector,
      port: 0,
      fixtures: join(rig.folder, "f"),
    });
    onTestFinished(() => page.close());
    const context = await openBrowser({ add: (close) => void onTestFinished(() => void close()) });
    const { page: tab, alarms } = await openTab(context, page.url);
    await tab.getByText("events reach the session").waitFor();
    // The token is out of sight.
    expect(tab.url()).toBe(page.url.split("#")[0]);
    const { listeners } = await rig.until("listens");
    const url = `http://127.0.0.1:${listeners[0]?.port}/`;
    for (const body of XSS_PAYLOADS) await fetch(url, { method: "POST", body });
    await tab.getByText(`event ${XSS_PAYLOADS.length}`, { exact: true }).waitFor();
    expect(
      await tab
        .locator("script:not([src^='/']), iframe, img, svg, [onerror], [onload], [style], a")
        .count(),
    ).toBe(0);
    await tab.getByRole("textbox", { name: "text" }).fill("hi from the form");
    await tab.getByRole("button", { name: "Call" }).click();
    await tab.getByText("sent hi from the form").waitFor();
    await tab.getByRole("button", { name: "Ask" }).click();
    await rig.until("prompt");
    await tab.getByRole("button", { name: "Deny" }).click();
    await tab.getByText("deny, by you").waitFor();
    await tab.getByRole("button", { name: "JSON-RPC" }).click();
    await tab.getByText('"method":"initialize"').waitFor();
    await tab.getByRole("button", { name: "Restart" }).click();
    await rig.until("start", ({ run }) => run === 2);
    expect(alarms).toEqual([]);
    const stranger = await openTab(context, page.url.replace(/#.*/, "#wrong"));
    await stranger.page.getByText("without its token").waitFor();
  },
);
