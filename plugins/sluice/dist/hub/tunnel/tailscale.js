/**
 * Tailscale's funnel: a fixed name under ts.net, for the owner's own account.
 *
 * Owns: its arguments, the reading of what it prints, and finding a funnel of the owner's that leads to the same place. Never: starts it.
 * https://tailscale.com/kb/1311/tailscale-funnel
 */
import { findFault } from "./tool.js";
const URL_LINE = /^\s*(https:\/\/[a-z0-9.-]+\.ts\.net(?::\d{1,5})?)\/?(?:\s|$)/;
const ASKS = /https:\/\/login\.tailscale\.com\/f\/\S+/;
/** The only ports that a funnel takes. */
const PORTS = [443, 8443, 10_000];
const FAULTS = [
    [
        /not logged in|logged out|NeedsLogin|needs login/i,
        'Tailscale is not signed in on this machine; run "tailscale up"',
    ],
    [
        /failed to connect to local tailscaled?|is tailscale running|tailscaled (?:is not|isn't) running/i,
        "Tailscale does not run on this machine; start it, then run: tailscale up",
    ],
    [/Tailscale is stopped/i, 'Tailscale is stopped; run "tailscale up"'],
    [
        /access denied|permission denied|checkprefs|--operator=/i,
        "Tailscale lets only root change a funnel here; run: sudo tailscale set --operator=$USER",
    ],
    [
        /already exists|already in use|listener already|port \d+ is already/i,
        'its port is taken by another serve or funnel of yours; "tailscale funnel status" shows it',
    ],
    [
        /HTTPS certificates?|enable https|MagicDNS/i,
        "a funnel needs MagicDNS and HTTPS certificates in your tailnet; turn both on at https://login.tailscale.com/admin/dns",
    ],
    [
        /funnel not available|node attribute|nodeAttr/i,
        "your tailnet's policy does not let this machine open a funnel; see https://tailscale.com/kb/1223/funnel#requirements",
    ],
];
export const tailscale = {
    name: "tailscale",
    places: ["/Applications/Tailscale.app/Contents/MacOS/Tailscale"],
    install: {
        darwin: "brew install --cask tailscale-app, then sign in",
        other: "curl -fsSL https://tailscale.com/install.sh | sh, then sudo tailscale up",
    },
    isLasting: () => true,
    refuse: ({ name, url }) => name === undefined && url === undefined
        ? undefined
        : "Tailscale gives a funnel its address itself: leave --tunnel-name and --tunnel-url out",
    async plan({ target }, run) {
        const funnels = parseStatus(await run(["funnel", "status", "--json"]).catch(() => ""));
        const same = funnels.find((one) => one.isOpen && one.target === toPlain(target));
        if (same !== undefined)
            return { kind: "found", url: same.url };
        const taken = new Set(funnels.map(({ port }) => port));
        // All three taken: it says so itself, with the first.
        const port = PORTS.find((one) => !taken.has(one)) ?? PORTS[0];
        // It ends TLS on this machine, with a certificate that nobody else has signed.
        const place = target.replace(/^https:/, "https+insecure:");
        return { kind: "start", args: ["funnel", `--https=${port}`, place] };
    },
    read(line) {
        const url = URL_LINE.exec(line)?.[1];
        if (url !== undefined)
            return { kind: "url", url };
        const link = ASKS.exec(line)?.[0];
        return link === undefined ? undefined : { kind: "asks", reason: toQuestion(link) };
    },
    explain(tail) {
        const link = ASKS.exec(tail)?.[0];
        return link === undefined ? findFault(FAULTS, tail) : toQuestion(link);
    },
};
function toQuestion(link) {
    return `Funnel is not allowed in your tailnet yet; open ${link} and allow it`;
}
/** `tailscale funnel status --json`: what is served, in the background or by a program in a terminal. */
function parseStatus(text) {
    let status;
    try {
        status = JSON.parse(text);
    }
    catch {
        // An older one, or one that does not run: it says why when it is started.
        return [];
    }
    const foreground = Object.values(toObject(toObject(status)["Foreground"]));
    return [status, ...foreground].flatMap((part) => {
        const open = toObject(toObject(part)["AllowFunnel"]);
        return Object.entries(toObject(toObject(part)["Web"])).map(([host, web]) => {
            const root = toObject(toObject(toObject(web)["Handlers"])["/"])["Proxy"];
            const port = Number(/:(\d+)$/.exec(host)?.[1] ?? 443);
            return {
                url: `https://${port === 443 ? host.replace(/:443$/, "") : host}`,
                port,
                target: typeof root === "string" ? toPlain(root) : "",
                isOpen: open[host] === true,
            };
        });
    });
}
function toObject(value) {
    return typeof value === "object" && value !== null ? { ...value } : {};
}
/** As it is written either way. */
function toPlain(target) {
    return target
        .replace(/^https\+insecure:/, "https:")
        .replace("//localhost:", "//127.0.0.1:")
        .replace(/\/$/, "");
}
