/**
 * The settings of a mailbox, as `sluice add` took them.
 *
 * Owns: their form, and where they lead. Never: connects.
 *
 * MAILTLS-1 A password leaves over TLS only, with a certificate that was checked; to a program of this machine also without.
 */
import { isIP } from "node:net";
import { SluiceError } from "../../sdk/errors.js";
import { toAddress } from "./auth-results.js";
const HOST = /^(?:(?:imap|smtp)s?:\/\/)?(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+)(?::\d{1,5})?$/;
const LOGIN = /^[^\s\p{Cc}]{1,256}$/u;
export const SETTINGS = [
    {
        name: "address",
        description: "The address that people write to",
        pattern: /^[^\s@<>"(),:;\\\p{Cc}]{1,64}@[^\s@<>"(),:;\\\p{Cc}]{1,190}$/u,
    },
    {
        name: "imap",
        description: "The IMAP server: imap.example.com, or with its port",
        pattern: HOST,
    },
    {
        name: "smtp",
        description: "The SMTP server for answers: smtp.example.com, or with its port; none without it",
        pattern: HOST,
    },
    {
        name: "authserv-id",
        description: "The name by which the receiving server signs its Authentication-Results: mx.google.com, or *.example.com for all that end so",
        pattern: /^(?:\*\.)?[A-Za-z0-9._-]{1,190}(?:,(?:\*\.)?[A-Za-z0-9._-]{1,190}){0,4}$/,
    },
    { name: "user", description: "The login, where it is not the address", pattern: LOGIN },
    {
        name: "smtp-user",
        description: "The login at the SMTP server, where it is another",
        pattern: LOGIN,
    },
    {
        name: "folder",
        description: "The folder that is read (default: INBOX)",
        pattern: /^[^\p{Cc}]{1,200}$/u,
    },
];
/** The second secret, where the SMTP server takes another one. */
export const SMTP_PASSWORD = "smtp";
const IMAP_TLS = 993;
const SMTP_TLS = 465;
/** @throws SluiceError `bad_config` for what is missing, `bad_secret`. */
export function toAccount(settings, secret, others = {}) {
    const need = (name) => {
        const value = settings[name];
        if (value !== undefined && value !== "")
            return value;
        const known = SETTINGS.find((one) => one.name === name);
        throw new SluiceError("bad_config", `email: no ${name} is set; add it with --set ${name}=... (${known?.description ?? ""})`);
    };
    const address = toAddress(need("address"));
    if (address === "")
        throw new SluiceError("bad_config", `email: ${need("address")} is no address of a mailbox`);
    const password = secret.reveal();
    if (password === "")
        throw new SluiceError("bad_secret", "email: the password is empty");
    const user = settings["user"] ?? address;
    const smtp = settings["smtp"];
    return {
        address,
        domain: address.slice(address.lastIndexOf("@") + 1),
        imap: { ...toServer("imap", need("imap"), IMAP_TLS), user, password },
        smtp: smtp === undefined
            ? undefined
            : {
                ...toServer("smtp", smtp, SMTP_TLS),
                user: settings["smtp-user"] ?? user,
                password: others[SMTP_PASSWORD]?.reveal() ?? password,
            },
        folder: settings["folder"] ?? "INBOX",
        authserv: settings["authserv-id"] ?? "",
    };
}
/** MAILTLS-1. `imaps://` and `smtps://` are TLS from the first byte, also on another port than the usual one. */
function toServer(name, text, tlsPort) {
    const [, scheme = "", host = "", given] = /^(?:(\w+):\/\/)?(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(text) ?? [];
    const port = given === undefined ? tlsPort : Number(given);
    if (port < 1 || port > 65_535 || (scheme !== "" && !scheme.startsWith(name)))
        throw new SluiceError("bad_config", `email: ${name}=${text} is no server of ${name}`);
    const bare = host.replace(/^\[(.*)\]$/, "$1");
    if (scheme.endsWith("s") || (scheme === "" && port === tlsPort))
        return { host: bare, port, tls: "implicit" };
    return { host: bare, port, tls: isLoopback(bare) ? "optional" : "starttls" };
}
function isLoopback(host) {
    return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}
