/**
 * Names under which secrets are kept: reading one is the first half of losing it.
 *
 * Owns: the names. Never: looks into a file.
 */

/** Folders in which everything is one. */
const FOLDERS =
  /^\.(?:ssh|gnupg|aws|azure|kube|docker|sluice|gcloud|password-store|secrets?)$|^secrets?$/;
const NAMES: readonly RegExp[] = [
  /^\.?env$|^\.env(?:\.(?!example$|sample$|template$|dist$|defaults?$|schema$)|rc$|-|_)|\.env$/,
  /^\.(?:netrc|dockercfg|pgpass|npmrc|yarnrc(?:\.yml)?|pypirc|git-credentials|htpasswd|vault-token|vault_pass|boto|s3cfg|my\.cnf|terraformrc|credentials(?:\.json)?|claude\.json)$/,
  /^_netrc$|^id_[a-z0-9]+$|^(?:identity|master\.key|credentials?|login data|shadow|tokens?)$/,
  /\.(?:pem|key|p12|pfx|pkcs12|jks|keystore|kdbx?|ppk|asc|gpg|age|tfstate|tfvars|ovpn|mobileprovision)(?:\.\w+)?$/,
  // The word in a name, where the file holds data: src/secret.ts is code.
  /(?:secret|credential|passw(?:or)?d|passphrase|api[-_]?key|private[-_]?key|access[-_]?token|service[-_]?account|client_secret).*(?:\.(?:json|ya?ml|toml|ini|cfg|conf|csv|txt|properties|xml|env|bak|enc|db))$/,
];

/** `path` is relative to the session's folder. Case does not count: some disks do not know it. */
export function isSecretPath(path: string): boolean {
  const parts = path.normalize("NFKC").toLowerCase().split("/");
  const name = parts.at(-1) ?? "";
  // It may hold a password in a remote's address.
  if (parts.includes(".git") && /^(?:config|credentials)/.test(name)) return true;
  return (
    parts.some((part) => FOLDERS.test(part)) ||
    NAMES.some((pattern) => pattern.test(name)) ||
    /^(?!.*\.).*(?:secret|credential|password)/.test(name)
  );
}
