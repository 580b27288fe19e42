/** Of a kind with a scheme of its own, which the table of common ones does not explain. */
export function toSenderWords({ scheme, header }, { title, ownSchemes, secretPrompt, }) {
    const row = ownSchemes?.[scheme];
    if (row === undefined)
        return undefined;
    const { proof } = row;
    const place = "header" in proof ? toHeaderTitle(header ?? proof.header) : "the secret in the URL";
    // What it is called and where it stands; what else is to be done belongs to `add`.
    const secret = secretPrompt === undefined ? undefined : secretPrompt.split(/;|: | \(its /)[0];
    return { title, place, secret: secret?.replace(/\(([^)]*)$/, "($1)") };
}
export function toHeaderTitle(header) {
    return header
        .replace(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase())
        .replace("Github", "GitHub");
}
