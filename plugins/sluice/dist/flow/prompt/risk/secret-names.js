/**
 * Names of files that hold secrets: a secret that was read can be sent away in the next step.
 *
 * Owns: the names. Never: looks into a file.
 */
/** Folders in which everything is one. */
const FOLDERS = /^\.(?:ssh|gnupg|aws|azure|kube|docker|sluice|gcloud|password-store|secrets?)$|^secrets?$/;
const NAMES = [
    /^env$|^\.env(?!ironment)(?!\.(?:example|sample|template|dist|defaults?|schema)$)|^\.?env\.local$|^\.(?:flask|dev)\.?(?:env|vars)(?:\.|$)|\.env$/,
    /^\.(?:netrc|dockercfg|pgpass|npmrc|yarnrc(?:\.yml)?|pypirc|git-credentials|htpasswd|vault-token|vault_pass|boto|s3cfg|my\.cnf|terraformrc|renviron|credentials(?:\.json)?|claude\.json|(?:bash|zsh|sh|mysql|psql|python|node_repl|rediscli)_history)(?:[.~-].*)?$/,
    /^_netrc$|^id_(?:rsa|dsa|ecdsa|ed25519|xmss)(?!.*\.pub$)|^id_[a-z0-9]+$|^ssh_host_[a-z0-9_]*key$|^\.?(?:identity|master\.key|credentials?|login data|cookies|shadow|(?:[a-z]+[-_])?tokens?|api[-_]?keys?|htpasswd)$/,
    /\.(?:pem|key|p8|secret|htpasswd|kubeconfig|keychain(?:-db)?|p12|pfx|pkcs12|jks|keystore|kdbx?|ppk|asc|gpg|age|tfstate|tfvars|ovpn|mobileprovision)(?:\.\w+)?$/,
    /^(?:.*[.-])?kubeconfig(?:\.\w+)?$|^wp-config\.php$|^local\.settings\.json$|firebase-adminsdk.*\.json$/,
    // The word in a name, where the file holds data: src/secret.ts is code.
    /(?:secret|credential|passw(?:or)?d|passphrase|api[-_]?key|private[-_]?key|access[-_]?token|service[-_]?account|client_secret).*(?:\.(?:json|ya?ml|toml|ini|cfg|conf|csv|txt|properties|xml|env|bak|enc|db))$/,
];
/** `path` is relative to the session's folder. Case does not count: some disks do not know it. */
export function isSecretPath(path) {
    const parts = path.normalize("NFKC").toLowerCase().split("/");
    const name = parts.at(-1) ?? "";
    // It may hold a password in a remote's address.
    if (parts.includes(".git") && /^(?:config|credentials)/.test(name))
        return true;
    return (parts.some((part) => FOLDERS.test(part)) ||
        NAMES.some((pattern) => pattern.test(name)) ||
        // Also .db_password, whose only dot makes it hidden.
        /^\.?[^.]*(?:secret|credential|password)[^.]*$/.test(name));
}
