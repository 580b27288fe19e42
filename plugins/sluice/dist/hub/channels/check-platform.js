import { SluiceError } from "../../sdk/errors.js";
import { Secret } from "../../sdk/secret.js";
/**
 * Resolves to whose the credential is, where the channel can say: `@botname`.
 * @throws SluiceError `bad_secret` without a credential, `bad_input` for a setting, and what the platform says of the credential.
 */
export async function checkPlatform(definition, { secret, settings = {}, allowUnsigned = false }) {
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
    return check?.(new Secret(secret ?? ""), settings);
}
