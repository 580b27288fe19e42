/**
 * `sluice bell`.
 *
 * Owns: the process of a bell that was started through the command line. Never: when it rings.
 */
import { defineCommand } from "../command.ts";

export const bell = defineCommand({
  meta: {
    name: "bell",
    description:
      "Runs the plugin's monitor: prints a line when events wait for the session. The client starts it; you never need to.",
  },
  args: {},
  examples: ["sluice bell"],
  async run() {
    const { runBell } = await import("../../shim/bell.ts");
    await runBell(process.env);
    process.exit(0);
  },
});
