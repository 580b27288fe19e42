import { SluiceError } from "../sdk/errors.js";
/** None for a channel that says nothing of a chat. */
export function openActs(chat, ask) {
    if (chat === undefined)
        return {};
    const run = async (call) => void (await ask(call));
    const all = {
        edit: (chatId, messageId, text, buttons) => run({
            op: "act",
            act: "edit",
            input: { chatId, messageId, text, ...(buttons === undefined ? {} : { buttons }) },
        }),
        react: (chatId, messageId, reaction) => run({ op: "act", act: "react", input: { chatId, messageId, reaction } }),
        typing: (chatId, activity = "working", threadId) => run({
            op: "act",
            act: "typing",
            input: { chatId, activity, ...(threadId === undefined ? {} : { threadId }) },
        }),
        mark: (chatId, messageId, sign) => run({ op: "act", act: "mark", input: { chatId, messageId, sign } }),
        async download(reference, maxBytes) {
            const content = await ask({ op: "act", act: "download", input: { reference, maxBytes } });
            if (Buffer.isBuffer(content))
                return content;
            throw new SluiceError("channel_failed", "download brought no bytes", { retryable: true });
        },
    };
    const { acts, maxFileBytes, hasForms } = chat;
    return {
        ...Object.fromEntries(acts.map((act) => [act, all[act]])),
        ...(maxFileBytes === undefined ? {} : { maxFileBytes }),
        ...(hasForms === undefined ? {} : { hasForms }),
    };
}
