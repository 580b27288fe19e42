/**
 * The shapes of secrets: those that their issuers document, and places where a secret stands by convention.
 *
 * Owns: the table. Never: masks (mask.ts). A shape begins at no letter or digit and is bounded, so that a search is linear.
 */
const START = "(?<![A-Za-z0-9_])";
const shape = (body, flags = "") => ({
    shape: new RegExp(`${START}(?:${body})`, `g${flags}`),
});
export const SECRET_SHAPES = [
    // GitHub, GitLab
    shape("gh[pousr]_[A-Za-z0-9]{16,255}|github_pat_[A-Za-z0-9_]{20,255}"),
    shape("gl(?:pat|dt|rt|rtr|cbt|ptt|soat|ft|ffct|imt|agent|oas)-[\\w.-]{16,255}"),
    // Slack, Discord, Telegram
    shape("xox[abceoprs](?:\\.xox[abceoprs])?-[\\w-]{10,255}|xapp-\\d-[\\w-]{10,255}"),
    { shape: /(?<=hooks\.slack\.com\/(?:services|workflows|triggers)\/)[\w/-]{8,255}/g },
    { shape: /(?<=discord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/\d{1,24}\/)[\w-]{20,255}/g },
    shape("[MNO][\\w-]{23,27}\\.[\\w-]{6}\\.[\\w-]{27,45}"),
    { shape: /(?<![A-Za-z0-9_])(?:bot)?\d{8,11}:[A-Za-z0-9_-]{34,36}(?![\w-])/g },
    // Cloud
    shape("(?:AKIA|ASIA|ABIA|ACCA|AROA|AIDA|AGPA)[A-Z0-9]{16}(?![A-Za-z0-9])"),
    shape("AIza[\\w-]{35}|ya29\\.[\\w.-]{20,2048}|GOCSPX-[\\w-]{20,64}|1//0[\\w-]{30,256}"),
    shape("LTAI[A-Za-z0-9]{12,30}|AKID[A-Za-z0-9]{13,40}"),
    shape("do[opr]_v1_[a-f0-9]{64}|dapi[a-f0-9]{32}(?:-\\d)?|tskey-[\\w-]{16,128}|fm2_[\\w+/=-]{32,2048}|FlyV1 [\\w+/=,-]{32,2048}"),
    shape("hv[sbr]\\.[\\w-]{20,512}|dp\\.(?:pt|st|ct|sa|scim|audit)\\.[\\w.-]{20,128}|pul-[a-f0-9]{40}|ops_eyJ[\\w-]{32,4096}|A3-[A-Z0-9-]{30,64}"),
    shape("CFPAT-[\\w-]{30,64}|v1\\.0-[a-f0-9]{24}-[a-f0-9]{64,160}|sbp_[a-f0-9]{40}|sb_secret_[\\w-]{16,128}"),
    // Payment and shops
    shape("[srp]k_(?:live|test)_[A-Za-z0-9]{10,255}|whsec_[A-Za-z0-9+/=_-]{16,255}"),
    shape("shp(?:at|ss|ca|pa|ua)_[a-fA-F0-9]{32}|sq0[a-z]{3}-[\\w-]{22,64}|EAAA[\\w-]{56,100}|access_token\\$production\\$\\w{16}\\$[a-f0-9]{32}"),
    // Models
    shape("sk-(?=[\\w-]{0,64}[0-9A-Z])(?:ant-|proj-|svcacct-|admin-|or-v1-)?[A-Za-z0-9_-]{20,255}"),
    shape("hf_[A-Za-z0-9]{30,64}|r8_[A-Za-z0-9]{37,40}|gsk_[A-Za-z0-9]{40,64}|xai-[A-Za-z0-9]{60,100}|pplx-[A-Za-z0-9]{40,64}|api_org_[A-Za-z]{34}"),
    // Registries
    shape("npm_[A-Za-z0-9]{30,64}|pypi-[\\w-]{50,512}|rubygems_[a-f0-9]{48}|cio[A-Za-z0-9]{32}(?![A-Za-z0-9])|dckr_(?:pat|oat)_[\\w-]{20,64}|oy2[a-z0-9]{43}"),
    // Mail, messages, watching, planning
    shape("SG\\.[\\w-]{16,32}\\.[\\w-]{30,64}|key-[a-f0-9]{32}|xkeysib-[a-f0-9]{64}-\\w{16}|[a-f0-9]{32}-us\\d{1,2}(?!\\w)|re_[A-Za-z0-9]{6,12}_[A-Za-z0-9]{16,32}"),
    shape("SK[a-f0-9]{32}(?![A-Za-z0-9])"),
    shape("NR(?:AK|II|BR|JS)-[A-Za-z0-9-]{20,64}|glsa_[A-Za-z0-9]{32}_[a-f0-9]{8}|glc_[A-Za-z0-9+/=]{32,400}|sntr(?:ys|yu)_[\\w+/=-]{32,400}|ddp_[A-Za-z0-9]{36}"),
    shape("lin_(?:api|oauth)_[A-Za-z0-9]{32,64}|secret_[A-Za-z0-9]{43}|ntn_[A-Za-z0-9]{40,60}|figd_[\\w-]{36,64}|PMAK-[a-f0-9]{24}-[a-f0-9]{34}|AT(?:ATT3x|BB|CTT3x)[\\w=+/-]{20,255}|pat[A-Za-z0-9]{14}\\.[a-f0-9]{64}|phc_[A-Za-z0-9]{40,50}|sl\\.[\\w-]{60,200}"),
    shape("AGE-SECRET-KEY-1[A-Z0-9]{58}"),
    // Signed tokens
    shape("ey[JI][\\w-]{8,4000}\\.[\\w-]{8,4000}(?:\\.[\\w-]{0,4000}){0,3}"),
];
const VALUE = "[^\\s\"'`,;]{3,4000}";
export const CREDENTIAL_PLACES = [
    // https://user:password@host, and a key that is the whole user
    { place: /([a-z][a-z0-9+.-]{1,20}:\/\/[^\s/@:'"`]{0,256}:)([^\s/@'"`]{1,512})(?=@)/gi },
    { place: /([a-z][a-z0-9+.-]{1,20}:\/\/)([A-Za-z0-9_-]{20,512})(?=@)/gi },
    {
        place: new RegExp(`(authorization\\\\?["']?\\s{0,4}[:=]\\s{0,4}\\\\?["']?(?:[A-Za-z][\\w-]{1,24}\\s{1,4})?)(?!(?:bearer|basic|token)\\s)(${VALUE})`, "gi"),
    },
    {
        place: /(\b(?:Bearer|Basic)\s{1,4})((?=[\w.~+/=-]{0,200}\d|[\w.~+/=-]{24})[\w.~+/=-]{8,4000})/g,
    },
    { place: /((?:set-)?cookie\\?["']?\s{0,4}:\s{0,4}[^\s=;"']{1,64}=)([^\s"';]{6,4000})/gi },
    // Programs with options of their own
    {
        place: /(\s(?:-u|--user|-U|--proxy-user)(?:\s{1,4}|=)?["']?[^\s:'"]{1,64}:)([^\s'"]{1,256})/g,
        where: /\b(?:curl|wget|http|xh)\b/,
    },
    {
        place: /(\b(?:mysql|mysqldump|mysqladmin|mariadb|mongodump|mongosh)\b[^\n|;&]{0,200}?\s-p)([^\s'"][^\s]{1,256})/g,
    },
    { place: /(\bsshpass\s{1,4}-p\s{0,4})(\S{1,256})/g },
    { place: /(\bredis-cli\b[^\n|;&]{0,120}?\s-a\s{1,4})(\S{1,256})/g },
    {
        place: /(\b(?:docker|podman|az|helm|oc|skopeo|buildah)\b[^\n|;&]{0,120}?\blogin\b[^\n|;&]{0,200}?\s-p\s{1,4})(\S{1,256})/g,
    },
    { place: /(\bpass:)([^\s"']{3,256})/g, where: /-pass(?:in|out)?\b/ },
    {
        place: /(\bhtpasswd\s{1,4}-\w{0,6}b\w{0,6}\s{1,4}\S{1,256}\s{1,4}\S{1,64}\s{1,4})(\S{1,256})/g,
    },
    { place: /(\b(?:7z|7za|unrar|rar)\s{1,4}[^\n|;&]{0,120}?\s-p)(\S{1,256})/g },
    { place: /(\b(?:zip|unzip)\b[^\n|;&]{0,120}?\s-P\s{1,4})(\S{1,256})/g },
    // Parts of signed addresses and of connection strings
    {
        place: /([?&;](?:sig|signature|X-Amz-Signature|X-Amz-Security-Token|X-Goog-Signature|code|key)=)([\w%+/=-]{16,2048})/gi,
    },
    { place: /(\b(?:AccountKey|SharedAccessKey|SharedSecret)=)([\w+/=]{16,256})/g },
    { place: /(\b(?:Pwd|Password)=)([^\s;"']{3,256})/g },
    // .npmrc, .netrc
    { place: /((?::|^)_(?:authToken|auth|password)\s{0,4}=\s{0,4})(\S{3,1024})/gm },
    {
        place: /(\bmachine\s{1,4}\S{1,256}\s{1,4}login\s{1,4}\S{1,256}\s{1,4}password\s{1,4})(\S{1,256})/g,
    },
    { place: /(\bidentified\s{1,4}by\s{1,4}["'])([^"'\n]{1,256})/gi },
];
