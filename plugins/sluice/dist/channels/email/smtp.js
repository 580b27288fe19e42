import { SluiceError, toMessage } from "../../sdk/errors.js";
import { countAt, textAt } from "../../sdk/json.js";
import { MaybeSent } from "../../sdk/message.js";
import { toCause, toWords } from "./faults.js";
/** Sends what `mail` says. @throws SluiceError as `ChannelConnection.send` says (MAILSEND-1). */
export async function deliver(mail, options) {
    const { default: MailComposer } = await import("../../vendor/nodemailer-lib-mail-composer.js");
    const node = new MailComposer({ ...mail, disableUrlAccess: true }).compile();
    const { from, to } = node.getEnvelope();
    if (from === false || to.length !== 1)
        throw new SluiceError("bad_input", "email: the mail has not one sender and one recipient");
    await speak(options, async (connection, enter) => {
        const source = node.createReadStream();
        // Before the library's own listener, which writes the dot.
        source.once("end", () => enter("behind the dot"));
        await new Promise((resolve, reject) => {
            connection.send({ from, to }, source, (fault) => (fault ? reject(fault) : resolve()));
        });
    });
}
/** Signs in, and no more. @throws SluiceError `unauthorized`, `send_failed`. */
export function signIn(options) {
    return speak(options, async () => undefined);
}
async function speak({ server, timings, signal, ca }, say) {
    const { default: Connection } = await import("../../vendor/nodemailer-lib-smtp-connection.js");
    let stage = "connecting";
    const connection = new Connection({
        host: server.host,
        port: server.port,
        secure: server.tls === "implicit",
        requireTLS: server.tls === "starttls",
        connectionTimeout: timings.connectMs,
        greetingTimeout: timings.connectMs,
        socketTimeout: timings.silentMs,
        tls: { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) },
        logger: false,
    });
    // The library tells of a lost connection by an event alone, whatever it was doing.
    const lost = new Promise((_, reject) => {
        connection.on("error", reject);
        connection.once("end", () => reject(new Error("the connection has ended")));
    });
    lost.catch(() => undefined);
    const stop = () => connection.close();
    signal.addEventListener("abort", stop, { once: true });
    try {
        if (signal.aborted)
            throw new Error("stopped");
        await Promise.race([connect(connection), lost]);
        stage = "speaking";
        await Promise.race([login(connection, server), lost]);
        await Promise.race([say(connection, (next) => (stage = next)), lost]);
        // Politely, and however it is taken: the server has the mail.
        connection.quit();
    }
    catch (thrown) {
        throw toFault(thrown, { stage, server, laterMs: timings.laterMs });
    }
    finally {
        signal.removeEventListener("abort", stop);
        connection.close();
    }
}
function connect(connection) {
    return new Promise((resolve, reject) => {
        connection.connect((fault) => (fault ? reject(fault) : resolve()));
    });
}
function login(connection, { user, password }) {
    return new Promise((resolve, reject) => {
        connection.login({ credentials: { user, pass: password } }, (fault) => fault ? reject(fault) : resolve());
    });
}
/** MAILSEND-1, MAILSEND-2 */
function toFault(thrown, { stage, server, laterMs }) {
    const place = `${server.host}:${server.port}`;
    const code = textAt(thrown, "code");
    const status = countAt(thrown, "responseCode") ?? 0;
    const words = toWords(textAt(thrown, "response"), server);
    const said = words === "" ? toCause(thrown, server) : `"${words}"`;
    // An answer to the mail itself; a connection that ended with a line on it is no answer.
    const isAnswer = textAt(thrown, "command") === "DATA" && status >= 400;
    if (stage === "behind the dot" && !isAnswer)
        return new SluiceError("send_failed", `email: ${place} did not say whether it took the mail: ${said}`, { cause: new MaybeSent(toWords(toMessage(thrown), server)) });
    if (code === "EAUTH" && (status === 0 || status >= 500))
        return new SluiceError("unauthorized", `email: ${place} refused the login of ${server.user}: ${said}; add the channel again with the right password`);
    if (code === "ETLS" && status >= 500)
        return new SluiceError("bad_config", `email: ${place} has no STARTTLS (${said}); use its port with TLS, mostly 465`);
    if (status >= 500)
        return new SluiceError("send_failed", `email: ${place} refused the mail: ${said}`);
    if (status >= 400)
        return new SluiceError("send_failed", `email: ${place} wants the mail later: ${said}`, {
            retryable: true,
            retryAfterMs: laterMs,
        });
    return new SluiceError("send_failed", `email: nothing was sent to ${place}: ${said}`, {
        retryable: true,
    });
}
