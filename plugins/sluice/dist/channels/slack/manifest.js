/**
 * The app's manifest, ready to paste, and the scopes that the channel needs.
 *
 * Owns: both, so that they cannot differ. Never: a secret.
 * https://docs.slack.dev/reference/app-manifest
 */
/** What each scope is for, in the order of the manifest. https://docs.slack.dev/reference/scopes */
export const SCOPES = {
    "chat:write": "answers",
    commands: "the command /sluice",
    "app_mentions:read": "mentions in channels that the bot has not joined",
    "channels:history": "messages in public channels",
    "groups:history": "messages in private channels",
    "im:history": "direct messages",
    "mpim:history": "messages in group conversations",
    "channels:read": "which public channels the bot is in",
    "groups:read": "which private channels the bot is in",
    "im:read": "which direct messages there are",
    "mpim:read": "which group conversations there are",
    "im:write": "a direct message to who typed /sluice elsewhere",
    "users:read": "names, and who is a guest or a bot",
    "reactions:read": "reactions of people",
    "reactions:write": "the mark at a message",
    "files:read": "files of people",
    "files:write": "files of answers",
};
/** Without these nothing works: `sluice add` refuses a token that lacks one. */
export const NEEDED_SCOPES = [
    "chat:write",
    "im:history",
    "users:read",
];
export const COMMAND = "/sluice";
/** What is subscribed to. Never `*` of anything: what nobody reads need not be sent. */
const EVENTS = [
    "app_mention",
    "app_uninstalled",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "reaction_added",
    "reaction_removed",
    "tokens_revoked",
];
/** `url`: where Slack sends requests; without one it is Socket Mode. */
export function toManifest(url) {
    const address = url === undefined ? {} : { request_url: url };
    const manifest = {
        display_information: {
            name: "Sluice",
            description: "Talk to the agent session that is open on your computer",
            background_color: "#1f2937",
        },
        features: {
            app_home: {
                home_tab_enabled: false,
                messages_tab_enabled: true,
                messages_tab_read_only_enabled: false,
            },
            bot_user: { display_name: "sluice", always_online: true },
            slash_commands: [
                {
                    command: COMMAND,
                    ...(url === undefined ? {} : { url }),
                    description: "Status, stop, away, allow and deny",
                    usage_hint: "status | stop | away | here | denyall | resume | deny <code> <reason>",
                    should_escape: false,
                },
            ],
        },
        oauth_config: { scopes: { bot: Object.keys(SCOPES) } },
        settings: {
            event_subscriptions: { ...address, bot_events: EVENTS },
            interactivity: { is_enabled: true, ...address },
            org_deploy_enabled: false,
            socket_mode_enabled: url === undefined,
            token_rotation_enabled: false,
        },
    };
    return JSON.stringify(manifest, null, 2);
}
