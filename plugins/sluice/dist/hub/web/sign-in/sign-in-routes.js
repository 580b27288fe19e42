import { Hono } from "../../../vendor/hono.js";
import { getCookie, setCookie } from "../../../vendor/hono-cookie.js";
import { body } from "../../../api/routes/parse.js";
import { passphraseSignInSchema, redeemSchema } from "../../../api/wire/web-wire.js";
import { SluiceError } from "../../../sdk/errors.js";
import { toPlace } from "../guard.js";
import { isOpenToRemote } from "./remote-scope.js";
import { toCookieSeconds } from "./sign-in.js";
export function createSignInRoutes(options) {
    const { db, signIn, remote, note, notifyOwner } = options;
    const answer = (c, { session, cookie, key }) => {
        const isRemote = session.place === "remote";
        setCookie(c, toCookieName(options, session.place), cookie, {
            httpOnly: true,
            sameSite: "Strict",
            path: isRemote ? "/" : "/v1",
            maxAge: toCookieSeconds(session),
            ...(isRemote ? { secure: true } : {}),
        });
        return c.json({ key });
    };
    return new Hono()
        .post("/sign-in", body(redeemSchema), async (c) => {
        if (readPlace(options, c) === "remote")
            throw new SluiceError("unauthorized", "a launch link works on its own machine only");
        const signedIn = await signIn.redeem(c.req.valid("json").token, readAgent(c));
        const { id, label } = signedIn.session;
        await db.write(() => note("page", "sign-in", `browser ${id} by a launch link: ${label}`));
        if (signedIn.session.mayAllow)
            notifyOwner(`Sluice: a browser that may allow was signed in on this machine: ${label}. If it was not you: sluice web revoke ${id}`);
        return answer(c, signedIn);
    })
        .post("/sign-in/passphrase", body(passphraseSignInSchema), async (c) => {
        if (readPlace(options, c) !== "remote")
            throw new SluiceError("unauthorized", 'here a link signs in; run "sluice open"');
        await remote.check(c.req.valid("json").passphrase);
        const signedIn = await signIn.openRemote(readAgent(c));
        const { id, label } = signedIn.session;
        await db.write(() => note("remote page", "sign-in", `browser ${id} by passphrase: ${label}`));
        notifyOwner(`Sluice: a browser signed in at ${remote.origin?.origin ?? "your page"}: ${label}. If it was not you: sluice web revoke ${id}`);
        return answer(c, signedIn);
    });
}
/** Lets nobody pass who is not signed in with both halves, and nobody from elsewhere change what is closed to them. */
export function requireSession(options) {
    return async (c, next) => {
        const place = readPlace(options, c);
        const session = options.signIn.find(readCookie(options, c), c.req.header("x-sluice-key"), place);
        if (session === undefined)
            throw new SluiceError("unauthorized", place === "here"
                ? 'not signed in here; run "sluice open"'
                : "not signed in here; sign in with the passphrase");
        if (place === "remote" && !isOpenToRemote(c.req.method, c.req.path)) {
            const message = `${c.req.path} cannot be changed from elsewhere; do it on the machine that Sluice runs on`;
            const fault = { error: { code: "unauthorized", message, retryable: false } };
            return c.json(fault, 403);
        }
        c.set("session", session);
        await next();
        return undefined;
    };
}
export function readCookie(options, c) {
    return getCookie(c, toCookieName(options, readPlace(options, c)));
}
export function readPlace({ remote }, c) {
    return toPlace(c.req.header("host"), remote.origin);
}
/** The port is in the name: cookies do not know ports, and two hubs must not end each other's sessions. */
function toCookieName({ port }, place) {
    return place === "remote" ? "__Host-sluice" : `sluice_${port()}`;
}
function readAgent(c) {
    return c.req.header("user-agent") ?? "";
}
