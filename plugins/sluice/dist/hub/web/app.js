import { Hono } from "../../vendor/hono.js";
import { answerFault, body, query } from "../../api/routes/parse.js";
import { openStream } from "../../api/routes/stream.js";
import { VERSION } from "../../local/version.js";
import { chatTitleSchema, correctedSchema, fileQuerySchema, historyQuerySchema, MESSAGE_MAX_FILES, reactionSchema, typedSchema, } from "../../api/wire/web-wire.js";
import { listChatMessages } from "../../store/page/chats.js";
import { FILE_MAX_BYTES } from "./chat/chat-files.js";
import { createPromptsPageRoutes, toPromptPush } from "./prompts-page.js";
import { createPushAnswerRoute, createPushRoutes, } from "./push/push-routes.js";
import { createTimelineRoutes, watchEvents } from "./timeline-page.js";
import { createSignInRoutes, requireSession, } from "./sign-in/sign-in-routes.js";
/** On every answer. No CORS header, ever. */
export const SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
};
const LISTENING_EVERY_MS = 3_000;
const JSON_MAX_BYTES = 256 * 1024;
export function createWebApp(options) {
    const { assets } = options;
    return new Hono()
        .route("/v1", createSignInRoutes(options))
        .route("/v1", createPushAnswerRoute(options))
        .use("/v1/*", requireSession(options))
        .route("/v1", createPageRoutes(options))
        .route("/v1", createPromptsPageRoutes(options))
        .route("/v1", createTimelineRoutes(options))
        .route("/v1", createPushRoutes(options))
        .get("*", (c) => {
        const asset = assets.get(c.req.path);
        if (asset !== undefined)
            return c.body(asset.bytes, 200, {
                "Content-Type": asset.type,
                // It shows notifications and answers them, and needs nothing else.
                ...(c.req.path === "/sw.js"
                    ? { "Content-Security-Policy": "default-src 'none'; connect-src 'self'" }
                    : {}),
            });
        if (assets.size === 0)
            return c.text('The page is not built in this checkout; run "npm run build".\n', 503);
        return c.text("Not here.\n", 404);
    })
        .notFound((c) => c.json({ error: { code: "not_found" } }, 404))
        .onError((thrown, context) => answerFault(thrown, context));
}
function createPageRoutes(options) {
    const { db, signIn, page, files, countListening, describeStatus, isDemo } = options;
    return new Hono()
        .post("/sign-out", async (c) => {
        await signIn.end(c.var.session.id);
        return c.json({});
    })
        .get("/page", async (c) => {
        const view = {
            version: VERSION,
            listening: countListening(),
            chats: await page.list(),
            maxFileBytes: FILE_MAX_BYTES,
            maxFiles: MESSAGE_MAX_FILES,
            ...(isDemo === true ? { isDemo } : {}),
        };
        return c.json(view);
    })
        .get("/status", (c) => c.json(describeStatus()))
        .get("/stream", (c) => openPageStream(options, c.var.session.id, c.env.outgoing))
        .post("/chats", async (c) => c.json(await page.add("New chat")))
        .post("/chats/:id/title", body(chatTitleSchema), async (c) => c.json(await page.rename(c.req.param("id"), c.req.valid("json").title)))
        .get("/chats/:id/messages", query(historyQuerySchema), (c) => {
        const { before, limit } = c.req.valid("query");
        return c.json(listChatMessages(db, c.req.param("id"), before, limit));
    })
        .post("/chats/:id/messages", body(typedSchema), async (c) => c.json(await page.type(c.req.param("id"), c.req.valid("json"))))
        .post("/chats/:id/messages/:message/text", body(correctedSchema), async (c) => c.json(await page.correct(c.req.param("id"), c.req.param("message"), c.req.valid("json"))))
        .post("/chats/:id/messages/:message/reaction", body(reactionSchema), async (c) => {
        await page.mark(c.req.param("id"), c.req.param("message"), c.req.valid("json").reaction);
        return c.json({});
    })
        .post("/files", query(fileQuerySchema), async (c) => c.json(await files.add(c.req.valid("query").name, await c.req.bytes())))
        .get("/files/:id", (c) => {
        const { file, bytes } = files.read(c.req.param("id"));
        return c.body(new Uint8Array(bytes), 200, {
            "Content-Type": file.mime,
            // Saved, never shown as a document of our origin; the page shows images by itself.
            "Content-Disposition": `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
            "Content-Security-Policy": "default-src 'none'; sandbox",
        });
    });
}
/** All that a tab is told while it is open. */
function openPageStream(options, id, outgoing) {
    const { db, clock, signIn, page, prompts, away, countListening } = options;
    return openStream(outgoing, (stream) => {
        let listening = countListening();
        stream.send({ kind: "listening", listening });
        const stopPage = page.open((push) => stream.send(push));
        const stopPrompts = prompts.watch((change) => stream.send(toPromptPush(change, clock.now())));
        const stopEvents = watchEvents(db, (push) => stream.send(push));
        const stopAway = away.watch((isAway) => stream.send({ kind: "away", away: { isAway } }));
        // A session that was revoked hears nothing more.
        const stopSignIn = signIn.onEnd((ended) => {
            if (ended === id)
                stream.close();
        });
        // Only while a tab is open.
        const timer = setInterval(() => {
            // So does one whose time is over.
            if (!signIn.isLive(id))
                return stream.close();
            const now = countListening();
            if (now !== listening)
                stream.send({ kind: "listening", listening: (listening = now) });
        }, LISTENING_EVERY_MS);
        return () => {
            clearInterval(timer);
            stopPage();
            stopPrompts();
            stopAway();
            stopEvents();
            stopSignIn();
        };
    });
}
/** The largest body that a path may have. */
export function toMaxBytes(url) {
    return url.startsWith("/v1/files") ? FILE_MAX_BYTES : JSON_MAX_BYTES;
}
