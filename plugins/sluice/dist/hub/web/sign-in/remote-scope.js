/**
 * The changes that a browser may make through the tunnel: it may view, answer prompts and chat, and nothing else.
 *
 * Owns: that list. Pure. Never: who is signed in.
 * A route that is not listed here is refused through the tunnel, so a new one is closed until somebody decides about it. Routes of access,
 * rules, channels or sign-ins may never be listed here.
 */
const CHANGES = [
    /^\/v1\/sign-out$/,
    /^\/v1\/chats$/,
    /^\/v1\/chats\/[^/]+\/(?:title|messages)$/,
    /^\/v1\/chats\/[^/]+\/messages\/[^/]+\/(?:text|reaction)$/,
    /^\/v1\/files$/,
    // Only this time: one that would make a rule is refused (prompts-page.ts, PAGEPROMPT-4).
    /^\/v1\/prompts\/[^/]+\/verdict$/,
    // Says only when chats and phones hear of a prompt.
    /^\/v1\/away$/,
    // All of them deny, or have people asked again.
    /^\/v1\/sessions\/[^/]+\/(?:deny-all|stop|resume)$/,
    /^\/v1\/push(?:\/off)?$/,
];
export function isOpenToRemote(method, path) {
    return (method === "GET" ||
        method === "HEAD" ||
        (method === "POST" && CHANGES.some((change) => change.test(path))));
}
