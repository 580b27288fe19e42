import { SluiceError } from "../../sdk/errors.js";
import { Secret } from "../../sdk/secret.js";
/**
 * Resolves to whose the credential is, where the channel can say, and what is to be done next.
 * @throws SluiceError `bad_secret` without a credential, `bad_input` for a setting, and what the platform says of the credential.
 */
export async function checkPlatform(definition, { secret, secrets = {}, settings = {}, allowUnsigned = false }) {
    const { kind, secretPrompt, settings: known = [], check } = definition;
    for (const [name, value] of Object.entries(settings)) {
        const setting = known.find((one) => one.name === name);
        if (setting === undefined) {
            const names = known.map((one) => one.name).join(", ") || "none";
            throw new SluiceError("bad_input", `${kind} has no setting "${name}"; there are: ${names}`);
        }
        if (setting.pattern.exec(value)?.[0] !== value)
            throw new SluiceError("bad_input", `setting ${name} must match ${setting.pattern.source}: ${setting.description}`);
    }
    if (secretPrompt !== undefined && (secret ?? "") === "" && !allowUnsigned)
        throw new SluiceError("bad_secret", `${kind} needs its ${secretPrompt}; run "sluice add ${kind}" in a terminal, or give it with --secret-env or --secret-stdin`);
    checkNamed(definition, secrets);
    const checked = await check?.(new Secret(secret ?? ""), settings, toNamedSecrets(secrets));
    return typeof checked === "string" ? { account: checked } : (checked ?? {});
}
/** @throws SluiceError `bad_input` for a name that the kind does not have, `bad_secret` for one that is missing. */
export function checkNamed({ kind, moreSecrets = [] }, secrets) {
    const stray = Object.keys(secrets).find((name) => moreSecrets.every((one) => one.name !== name));
    if (stray !== undefined) {
        const names = moreSecrets.map(({ name }) => name).join(", ") || "none";
        throw new SluiceError("bad_input", `${kind} has no secret "${stray}"; there are: ${names}`);
    }
    const missing = moreSecrets.find(({ name, isOptional = false }) => !isOptional && !Object.hasOwn(secrets, name));
    if (missing === undefined)
        return;
    throw new SluiceError("bad_secret", `${kind} needs its ${missing.prompt}; run "sluice add ${kind}" in a terminal, or give it with --secret-env ${missing.name}=VARIABLE`);
}
export function toNamedSecrets(secrets) {
    return Object.fromEntries(Object.entries(secrets).map(([name, secret]) => [name, new Secret(secret)]));
}
