/**
 * The programs that open a tunnel.
 *
 * Owns: the list. Never: what one of them does.
 */
import { cloudflared } from "./cloudflared.js";
import { ngrok } from "./ngrok.js";
import { tailscale } from "./tailscale.js";
/** In the order in which `--tunnel` takes them where none is named: the one that needs no account stands first. */
export const TUNNEL_TOOLS = [cloudflared, tailscale, ngrok];
export function findTool(name) {
    return TUNNEL_TOOLS.find((tool) => tool.name === name);
}
/** How it is installed on this machine. */
export function toInstallLine({ install }, platform = process.platform) {
    return platform === "darwin" ? install.darwin : install.other;
}
