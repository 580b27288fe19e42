/**
 * The three characters that begin something in Slack's text. Apart from the renderer: a short line of ours needs no reader of Markdown.
 * https://docs.slack.dev/messaging/formatting-message-text/#escaping
 */
export function escapeMrkdwn(text) {
    return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
