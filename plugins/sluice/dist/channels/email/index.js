/**
 * The `email` channel: a mailbox that people write to.
 *
 * Owns: the definition, and the check of a mailbox. Never: the wires (mailbox.ts, smtp.ts), the connection (connection.ts).
 */
import { systemClock } from "../../sdk/clock.js";
import { defineKind } from "../../sdk/channel.js";
import { SluiceError } from "../../sdk/errors.js";
import { listAuthservs } from "./auth-results.js";
import { openConnection, TIMINGS } from "./connection.js";
import { Mailbox } from "./mailbox.js";
import { SETTINGS, SMTP_PASSWORD, toAccount } from "./settings.js";
import { signIn } from "./smtp.js";
const CHECK_MS = 30_000;
const LOOKED_AT = 10;
export const email = defineKind({
    kind: "email",
    title: "Email",
    description: "A mailbox (IMAP and SMTP): people whom you let in write to the session, and read its answers in the thread",
    ack: "reply",
    schemes: ["email"],
    maxBodyBytes: 1024 * 1024,
    canReply: true,
    carriesVerdicts: false,
    secretPrompt: "password of the mailbox (of many providers an app password)",
    moreSecrets: [{ name: SMTP_PASSWORD, prompt: "password of the SMTP server", isOptional: true }],
    settings: SETTINGS,
    nextStep: 'let yourself in: run "sluice access allow {name} you@example.com", then write to the mailbox',
    async check(secret, settings, secrets) {
        const account = toAccount(settings, secret, secrets);
        const signal = AbortSignal.timeout(CHECK_MS);
        const box = await Mailbox.open({ account, timings: TIMINGS.in, clock: systemClock, signal });
        try {
            if (account.authserv === "")
                throw await toUnnamed(box, account);
        }
        finally {
            await box.close();
        }
        if (account.smtp !== undefined)
            await signIn({ server: account.smtp, timings: TIMINGS.out, signal });
        const way = account.smtp === undefined ? "nothing goes out" : `out by ${account.smtp.host}`;
        return `${account.address} (${account.folder} at ${account.imap.host}, ${box.count} mails; ${way})`;
    },
    open: (context) => openConnection(context),
});
/** The names that stand in the latest mails, for the owner to choose from. */
async function toUnnamed(box, { imap }) {
    const uids = (await box.listAfter(Math.max(0, box.uidNext - 1 - LOOKED_AT * 10))).slice(-LOOKED_AT);
    const names = new Set();
    for (const uid of uids)
        for (const name of listAuthservs((await box.fetch(uid))?.headers ?? []))
            names.add(name);
    const seen = names.size === 0
        ? `the latest mails at ${imap.host} have no Authentication-Results, so nobody's mail could be let in`
        : `the latest mails name: ${[...names].slice(0, 10).join(", ")}; take the one of your own provider`;
    return new SluiceError("bad_config", `email: no authserv-id is set; add it with --set authserv-id=NAME (${seen})`);
}
