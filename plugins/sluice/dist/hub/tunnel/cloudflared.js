/**
 * Cloudflare's tunnel: a quick one without an account, or a named one of the owner's.
 *
 * Owns: its arguments and the reading of its log. Never: starts it.
 * What it prints: https://github.com/cloudflare/cloudflared/blob/master/cmd/cloudflared/tunnel/quick_tunnel.go
 */
import { findFault } from "./tool.js";
/** In a box of its own. A refused request names another host of the same domain in its error. */
const QUICK_URL = /\|\s+(https:\/\/[a-z0-9-]+\.trycloudflare\.com)\s+\|/;
const RATE_LIMIT = /status_code="?429|error code: 1015/;
const FAULTS = [
    [
        RATE_LIMIT,
        "Cloudflare gives this address no more quick tunnels for now (429); wait some minutes, or use a named tunnel, tailscale or ngrok",
    ],
    [
        /origin certificate|cert\.pem|origincert/,
        'cloudflared is not signed in, which a named tunnel needs; run "cloudflared tunnel login"',
    ],
    [
        /neither the ID nor the name of any of your tunnels/,
        'cloudflared knows no tunnel of this name; "cloudflared tunnel list" shows yours',
    ],
    [
        /tunnel credentials file .* doesn't exist|credentials file not found/i,
        "cloudflared has no credentials for this tunnel on this machine; create it here, or copy its file from ~/.cloudflared",
    ],
    [
        /failed to request quick Tunnel|no such host|i\/o timeout|network is unreachable/,
        "Cloudflare cannot be reached from this machine; check its network and its proxy",
    ],
    [
        /failed to (?:unmarshal|parse) quick Tunnel/,
        "Cloudflare's service for quick tunnels is out of order; try again later, or use a named tunnel, tailscale or ngrok",
    ],
];
export const cloudflared = {
    name: "cloudflared",
    install: {
        darwin: "brew install cloudflared",
        other: "see https://developers.cloudflare.com/cloudflare-one/networks/connectors/cloudflare-tunnel/downloads/",
    },
    isLasting: ({ name }) => name !== undefined,
    refuse({ name, url }) {
        if (name !== undefined && url === undefined)
            return "a named tunnel of cloudflared does not say its address: give it with --tunnel-url https://<hostname>";
        if (name === undefined && url !== undefined)
            return "a quick tunnel of cloudflared gets its address by itself: leave --tunnel-url out, or name your own tunnel with --tunnel-name";
        return undefined;
    },
    plan: async ({ target, name }) => ({
        kind: "start",
        args: [
            "tunnel",
            "--no-autoupdate",
            // The owner's configuration would send the requests where it says.
            ...(name === undefined ? ["--config", "/dev/null"] : ["run"]),
            "--url",
            target,
            // It ends TLS on this machine, with a certificate that nobody else has signed.
            ...(target.startsWith("https:") ? ["--no-tls-verify"] : []),
            ...(name === undefined ? [] : [name]),
        ],
    }),
    read(line, { name, url }) {
        const quick = QUICK_URL.exec(line)?.[1];
        if (quick !== undefined && name === undefined)
            return { kind: "url", url: quick };
        if (url !== undefined && line.includes("Registered tunnel connection"))
            return { kind: "url", url };
        return undefined;
    },
    explain: (tail) => findFault(FAULTS, tail),
    // TUNNEL_URL and others stand for flags; a named tunnel may need those of its owner.
    dropsVariable: (variable, { name }) => name === undefined && variable.startsWith("TUNNEL_"),
};
