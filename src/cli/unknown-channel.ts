/**
 * A warning about a channel that does not exist.
 *
 * Owns: that warning. Never: refuses: a subscription or a rule may be made before its channel, and events outlive their channel.
 */
import { type HubClient, read } from "../api/client/client.ts";
import { printNote, toLine } from "./output/print.ts";

export async function noteUnknownChannel(api: HubClient["api"], name: string): Promise<void> {
  const channels = await read(api.channels.$get());
  if (channels.some((one) => one.name === name)) return;
  printNote(`there is no channel "${toLine(name)}" yet; "sluice channels" lists them`);
}
