/**
 * The `imessage` channel: Messages on this Mac.
 *
 * Owns: the definition, and why it cannot be had elsewhere. Never: the database (messages-file.ts), the connection (connection.ts).
 */
import { defineKind } from "../../sdk/channel.js";
import { SluiceError } from "../../sdk/errors.js";
export const imessage = defineKind({
    kind: "imessage",
    title: "iMessage",
    description: "Messages on this Mac: people whom you let in write to the session, and you to yourself",
    ack: "reply",
    schemes: ["imessage"],
    maxBodyBytes: 1024 * 1024,
    canReply: true,
    settings: [
        {
            name: "database",
            description: "Another database than ~/Library/Messages/chat.db",
            pattern: /^\/[^\p{Cc}]{1,1000}$/u,
        },
        {
            name: "me",
            description: "Your own addresses, comma-separated, where Messages does not tell them",
            pattern: /^[+@._A-Za-z0-9-]{3,64}(?:,[+@._A-Za-z0-9-]{3,64}){0,9}$/,
        },
        {
            name: "sms",
            description: "on: SMS and RCS too, whose senders can be forged; they allow nothing",
            pattern: /^(?:on|off)$/,
        },
    ],
    nextStep: 'let yourself in: run "sluice access invite {name}" and send the code it prints to yourself in Messages',
    async check(_secret, settings) {
        if (process.platform !== "darwin")
            throw new SluiceError("bad_config", `imessage: Messages is only on macOS, and this is ${process.platform}; add it on your Mac, or take another channel: sluice add --help`);
        const [{ MessagesFile }, { toDatabasePath }] = await Promise.all([
            import("./messages-file.js"),
            import("./connection.js"),
        ]);
        const file = new MessagesFile(toDatabasePath(settings));
        try {
            return file.listOwnAddresses()[0];
        }
        finally {
            file.close();
        }
    },
    open: async (context) => (await import("./connection.js")).openConnection(context),
});
