import { SluiceError } from "../sdk/errors.js";
/** For kinds whose senders sign the URL. */
export const PUBLIC_URL_SETTING = {
    name: "url",
    description: "the URL that the sender calls, https://your-tunnel.example/in/<channel>",
    pattern: /https?:\/\/[^\s?#]{1,2048}/,
};
/** As the owner typed it, without a slash at its end. @throws SluiceError `bad_config`. */
export function parsePublicUrl(title, text) {
    if (text === undefined || text === "")
        throw new SluiceError("bad_config", `${title} signs the URL that it calls; give that URL: --set url=https://your-tunnel.example/in/<channel>`);
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isPlain = url !== undefined && /^https?:$/.test(url.protocol) && !/[?#\s]/.test(text);
    if (isPlain)
        return text.replace(/\/$/, "");
    throw new SluiceError("bad_config", `${title}: "${text}" is not the URL of a channel; give it as the sender has it, https://your-tunnel.example/in/<channel>, without ? and #`);
}
/** With what came behind the channel's name, as sent. */
export function toPublicUrl(base, target) {
    const { path = "", query = "" } = target ?? {};
    return `${base}${path === "" ? "" : `/${path}`}${query === "" ? "" : `?${query}`}`;
}
