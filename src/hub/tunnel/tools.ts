/**
 * The programs that open a tunnel.
 *
 * Owns: the list. Never: what one of them does.
 */
import { cloudflared } from "./cloudflared.ts";
import { ngrok } from "./ngrok.ts";
import { tailscale } from "./tailscale.ts";
import type { TunnelTool } from "./tool.ts";

/** In the order in which `--tunnel` takes them where none is named: the one that needs no account stands first. */
export const TUNNEL_TOOLS: readonly TunnelTool[] = [cloudflared, tailscale, ngrok];

export function findTool(name: string): TunnelTool | undefined {
  return TUNNEL_TOOLS.find((tool) => tool.name === name);
}

/** How it is installed on this machine. */
export function toInstallLine(
  { install }: TunnelTool,
  platform: NodeJS.Platform = process.platform,
): string {
  return platform === "darwin" ? install.darwin : install.other;
}
