import { expect, test, vi } from "vitest";
import { openRigWithHub } from "../e2e/rig.ts";
import { newLink, openBrowser, openTab, SKIPPED } from "./browser.ts";

// A browser and a hub on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

test.skipIf(SKIPPED !== undefined)(
  "a hub that stands still is told as such in the header, and its return as well",
  async () => {
    await using rig = await openRigWithHub({ env: { SLUICE_WEB_PORT: "0" } });
    const context = await openBrowser(rig);
    const { page } = await openTab(context, await newLink(rig));
    const header = page.locator(".connection");
    await header.getByText("Nobody is listening").waitFor();
    const pid = await rig.hubPid();
    process.kill(pid, "SIGSTOP");
    try {
      // It takes connections all the same: the kernel does that for it.
      await header.getByText("The hub does not answer").waitFor({ timeout: 90_000 });
      expect(await header.getAttribute("role")).toBe("status");
    } finally {
      process.kill(pid, "SIGCONT");
    }
    await header.getByText("Nobody is listening").waitFor({ timeout: 90_000 });
  },
);
