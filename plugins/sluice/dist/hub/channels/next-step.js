const BODY = '-H "Content-Type: text/plain" -d "deploy failed"';
/** `usual`: the channel's own words, for its first scheme. `publicUrl`: as senders elsewhere call it, where a tunnel is open. */
export function toNextStep(config, usual, url = "", publicUrl) {
    const steps = publicUrl === undefined ? usual : toPublicSteps(usual, publicUrl);
    return withUrlNote(config, toSteps(config, steps, url), url);
}
function withUrlNote(config, steps, url) {
    return config.settings?.["url"] === url && url !== ""
        ? `${steps}\nIts signature covers the URL that it calls: with a tunnel in front, "sluice remove ${config.name}" and add it with --set url=<the URL that it calls>`
        : steps;
}
/** The port is exposed already, and the tunnel has a name. */
function toPublicSteps(usual, publicUrl) {
    const origin = /^https?:\/\/[^/]+/.exec(publicUrl)?.[0] ?? publicUrl;
    const steps = usual.split("\n").filter((step) => !/^(?:\d+\. )?Expose the port\b/.test(step));
    return steps
        .map((step, index) => step.replace(/^\d+\. /, `${index + 1}. `))
        .join("\n")
        .replaceAll("https://<your tunnel>", origin);
}
function toSteps({ name, kind, scheme, header, allowUnsigned, twoWay }, usual, url) {
    if (kind !== "webhook")
        return fill(usual, name, url);
    if (allowUnsigned === true)
        return `POST to the URL; anybody on this machine can, without any proof: curl ${BODY} ${url}`;
    // Each message names its writer; what the session says is read from the stream.
    if (twoWay && scheme === "bearer")
        return `POST what people say, each with its writer: curl -H "Authorization: Bearer $TOKEN" -H "X-Sluice-Sender: ada" ${BODY} ${url}; and read what the session answers: curl -N -H "Authorization: Bearer $LISTEN_TOKEN" ${url.replace("/in/", "/out/")}`;
    if (scheme === "token-header")
        return `POST to the URL with the token: curl -H "${header ?? "X-Sluice-Token"}: $TOKEN" ${BODY} ${url}`;
    if (scheme === "query" || scheme === "path")
        return `let the sender call the whole URL, its secret included: curl ${BODY} "${url}"`;
    if (scheme === "basic")
        return `POST to the URL with user and password: curl -u "$TOKEN" ${BODY} ${url}`;
    if (scheme !== "bearer")
        return `let the sender POST to the URL, each request signed by the scheme "${scheme}" with its secret; "sluice tail" shows what arrives`;
    return fill(usual, name, url);
}
/** `{url}` is the channel's URL, `{origin}` and `{path}` its two halves, `{name}` its name. */
function fill(usual, name, url) {
    const path = url.replace(/^https?:\/\/[^/]+/, "");
    return usual
        .replaceAll("{url}", url)
        .replaceAll("{origin}", url.slice(0, url.length - path.length))
        .replaceAll("{path}", path)
        .replaceAll("{name}", name);
}
