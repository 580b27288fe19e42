import { SluiceError } from "../../sdk/errors.js";
import { textAt } from "../../sdk/json.js";
import { isCredentialRefused, REINSTALL, SlackApi, toFaultLine } from "./api.js";
import { NEEDED_SCOPES, SCOPES } from "./manifest.js";
const CHECK_MS = 15_000;
const BOT_TOKEN = /^xoxb-[A-Za-z0-9-]{10,}$/;
const APP_TOKEN = /^xapp-[A-Za-z0-9-]{10,}$/;
/** @throws SluiceError `bad_secret` for what is no such token, `unauthorized` where Slack refuses it. */
export async function checkTokens({ bot, app }, root) {
    requireForm(bot, app);
    const options = { timeoutMs: CHECK_MS };
    const asked = await new SlackApi(bot, root).call("auth.test", {}, options);
    if (asked.kind !== "ok")
        throw toCheckFault("bot token", "auth.test", asked);
    const missing = Object.keys(SCOPES).filter((scope) => asked.scopes?.includes(scope) === false);
    const fatal = NEEDED_SCOPES.filter((scope) => missing.includes(scope));
    if (fatal.length > 0)
        throw new SluiceError("bad_config", `slack: the app lacks the scopes ${fatal.join(", ")}: add them at ${REINSTALL}; "sluice add slack --manifest" prints all of them`);
    if (app !== undefined) {
        const opened = await new SlackApi(app, root).call("apps.connections.open", {}, options);
        if (opened.kind !== "ok")
            throw toCheckFault("app-level token", "apps.connections.open", opened);
    }
    const [name, team] = [textAt(asked.body, "user"), textAt(asked.body, "team")];
    const account = `@${name ?? "bot"}${team === undefined ? "" : ` in ${team}`}`;
    return missing.length === 0 ? { account } : { account, nextStep: toMissing(missing) };
}
function toMissing(missing) {
    const list = missing.map((scope) => `${scope} (${SCOPES[scope]})`);
    return `the app lacks scopes, so some of it will not work: ${list.join(", ")}; add them at ${REINSTALL}`;
}
/** @throws SluiceError `bad_secret` that says which token it is instead. */
function requireForm(bot, app) {
    const token = bot.reveal();
    if (!BOT_TOKEN.test(token))
        throw new SluiceError("bad_secret", `slack: ${toWrongBot(token)}`);
    if (app !== undefined && !APP_TOKEN.test(app.reveal()))
        throw new SluiceError("bad_secret", "slack: that is no app-level token: it begins with xapp-; make one with the scope connections:write at api.slack.com/apps > your app > Basic Information > App-Level Tokens");
}
function toWrongBot(token) {
    const where = "the bot token begins with xoxb-: api.slack.com/apps > your app > OAuth & Permissions > Bot User OAuth Token";
    if (token.startsWith("xapp-"))
        return `that is the app-level token; ${where}`;
    if (token.startsWith("xoxp-"))
        return `that is a user's token, and a session is not to speak as a person; ${where}`;
    if (/^xoxe[.-]/.test(token))
        return `that is a token that ends after twelve hours: turn token rotation off for the app; ${where}`;
    return `that is no bot token; ${where}`;
}
function toCheckFault(what, method, outcome) {
    if (outcome.kind === "lost")
        return new SluiceError("send_failed", toFaultLine(method, outcome), { retryable: true });
    const { error } = outcome;
    if (method === "apps.connections.open" && error === "missing_scope")
        return new SluiceError("unauthorized", "slack: the app-level token lacks the scope connections:write; make one that has it at api.slack.com/apps > your app > Basic Information > App-Level Tokens");
    if (error === "socket_mode_not_enabled" || error === "forbidden_team")
        return new SluiceError("bad_config", `slack: Socket Mode is off for the app (${error}); turn it on at api.slack.com/apps > your app > Socket Mode`);
    if (isCredentialRefused(outcome) || error === "app_not_found")
        return new SluiceError("unauthorized", `slack: the ${what} is rejected (${error}); copy it anew from api.slack.com/apps > your app`);
    return new SluiceError("unauthorized", toFaultLine(method, outcome));
}
