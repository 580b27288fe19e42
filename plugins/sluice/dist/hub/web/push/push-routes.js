/**
 * Web Push, the browser's routes: switching it on and off, and the buttons of a notification.
 *
 * Owns: the credentials of a service worker. Never: the content of a message, or the effect of a handle (push.ts).
 *
 * PUSHROUTE-1 A service worker has the cookie and not the page's key: instead it shows the handle that only its own push message
 *    contained.
 */
import { Hono } from "../../../vendor/hono.js";
import { body } from "../../../api/routes/parse.js";
import { pushAnswerSchema, subscribeSchema, } from "../../../api/wire/push-wire.js";
import { toEndText } from "../../../flow/prompt/show/render.js";
import { toVisible } from "../../../flow/prompt/show/visible.js";
import { SluiceError } from "../../../sdk/errors.js";
import { readCookie, readPlace } from "../sign-in/sign-in-routes.js";
/** Outside of what needs both halves of a sign-in (PUSHROUTE-1). */
export function createPushAnswerRoute(options) {
    const { push, signIn } = options;
    return new Hono()
        .use("/push/answer", async (c, next) => {
        const session = signIn.findWithoutKey(readCookie(options, c), readPlace(options, c));
        if (session === undefined)
            throw new SluiceError("unauthorized", "not signed in here");
        c.set("session", session);
        await next();
    })
        .post("/push/answer", body(pushAnswerSchema), async (c) => {
        const { handle, verdict } = c.req.valid("json");
        return c.json(toView(await push.answer(c.var.session, handle, verdict)));
    });
}
export function createPushRoutes({ push }) {
    return new Hono()
        .get("/push", async (c) => {
        const view = {
            publicKey: await push.readPublicKey(),
            isOn: push.isOn(c.var.session.id),
        };
        return c.json(view);
    })
        .post("/push", body(subscribeSchema), async (c) => {
        const { endpoint, keys } = c.req.valid("json");
        await push.subscribe(c.var.session, { endpoint, ...keys });
        return c.json({});
    })
        .post("/push/off", async (c) => {
        await push.unsubscribe(c.var.session);
        return c.json({});
    });
}
function toView(outcome) {
    switch (outcome?.kind) {
        case undefined:
            return { kind: "late", text: "This button was used already, or the prompt is over." };
        case "done":
            return { kind: "done", text: toVisible(toEndText(outcome.prompt)) };
        case "late":
            return { kind: "late", text: `Too late: ${toVisible(toEndText(outcome.prompt))}` };
        case "needs-code":
            return { kind: "refused", text: "It needs its code: open it and type that." };
        case "refused":
            return { kind: "refused", text: toVisible(outcome.reason) };
        case "locked":
            return { kind: "refused", text: "Locked for a while: too many wrong codes." };
        case "unknown":
            return { kind: "late", text: "This prompt is no longer known." };
        default:
            return outcome;
    }
}
