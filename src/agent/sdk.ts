/**
 * The Claude Agent SDK, as far as it is used here: an optional package, so its types are not at hand.
 *
 * Owns: where it lies in a home, its version, and these shapes. Never: installs it (src/cli/agent).
 * https://code.claude.com/docs/en/agent-sdk/typescript
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { SluiceError, toMessage } from "../sdk/errors.ts";

export const SDK_PACKAGE = "@anthropic-ai/claude-agent-sdk";
/** The one that the tests run against. */
export const SDK_VERSION = "0.3.332";

export type SdkMessage = Readonly<Record<string, unknown>> & { type: string };
export type SdkQuery = AsyncIterable<SdkMessage> & { interrupt(): Promise<unknown> };

export type AgentSdk = {
  query(call: { prompt: AsyncIterable<unknown>; options: Record<string, unknown> }): SdkQuery;
  createSdkMcpServer(options: Record<string, unknown>): unknown;
  tool(
    name: string,
    description: string,
    shape: Record<string, unknown>,
    handler: (input: Record<string, unknown>) => Promise<unknown>,
  ): unknown;
  getSessionMessages(
    session: string,
    options: { dir: string },
  ): Promise<{ type: string; message: unknown; parent_tool_use_id: string | null }[]>;
};

export function locateSdk(home: string): string {
  return join(home, "agent-sdk");
}

function toEntry(home: string): string {
  return join(locateSdk(home), "node_modules", SDK_PACKAGE, "sdk.mjs");
}

export function hasSdk(home: string): boolean {
  return existsSync(toEntry(home));
}

/** @throws SluiceError `unsupported` where it cannot be loaded. */
export async function loadSdk(home: string): Promise<AgentSdk> {
  try {
    return (await import(pathToFileURL(toEntry(home)).href)) as AgentSdk;
  } catch (thrown) {
    throw new SluiceError(
      "unsupported",
      `the Claude Agent SDK in ${locateSdk(home)} cannot be loaded (${toMessage(thrown)}); delete that folder and start the agent again, which installs it anew`,
      { cause: thrown },
    );
  }
}
