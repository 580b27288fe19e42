/** Proves everything: stands behind the user's explicit flag and `isLocalProgram`. */
export const UNSIGNED = {
    update() { },
    finish: () => ({
        kind: "verified",
        scheme: "none",
        keyId: "none",
        idSigned: false,
        reach: "request",
    }),
};
/** Proves nothing: what an author's own code checks, once the body is in. */
export const OWN_CHECK = {
    begin: () => ({
        kind: "begun",
        check: {
            update() { },
            finish: () => ({
                kind: "verified",
                scheme: "own",
                keyId: "own",
                idSigned: false,
                reach: "request",
            }),
        },
    }),
};
/**
 * Headers that a browser adds, or a proxy: an unsigned channel is for programs on this machine alone.
 * Not `sec-fetch-mode`: node's own fetch sends it.
 */
const FOREIGN_HEADERS = /^(?:origin$|sec-fetch-site$|forwarded$|x-forwarded-|x-real-ip$|via$|cf-|true-client-ip$)/;
/**
 * True for a request from a loopback address that a program on this machine made itself, by a loopback name and this very port.
 * A page in a browser may know the port: its requests carry Origin or Sec-Fetch-Site, or, after DNS rebinding, another Host.
 */
export function isLocalProgram(incoming) {
    const { socket, headers } = incoming;
    const port = socket.localPort;
    const { host } = headers;
    const isOurName = host === `127.0.0.1:${port}` || host === `localhost:${port}` || host === `[::1]:${port}`;
    return isOurName && !Object.keys(headers).some((name) => FOREIGN_HEADERS.test(name));
}
