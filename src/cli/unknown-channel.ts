/**
 * A word about a channel that is not there.
 *
 * Owns: that word. Never: refuses: what is watched, ruled or followed may come before its channel, and events outlive theirs.
 */
import { type HubClient, read } from "../api/client/client.ts";
import { printNote, toLine } from "./output/print.ts";

export async function noteUnknownChannel(api: HubClient["api"], name: string): Promise<void> {
  const channels = await read(api.channels.$get());
  if (channels.some((one) => one.name === name)) return;
  printNote(`there is no channel "${toLine(name)}" yet; "sluice channels" lists them`);
}
