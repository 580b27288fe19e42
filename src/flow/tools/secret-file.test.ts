import { generateKeyPairSync, randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { findSecretSigns, LOOKED_AT_BYTES } from "./secret-file.ts";

/** Written in two pieces, so that no search for keys takes this file for one. */
const join = (...parts: string[]): string => parts.join("");
const harmless = Buffer.from("hello\n");

// SECRETFILE-1
test.each([
  ..."app.env.production dump.env.bak tokens.json gcp-key.json wp-config.php rsa_private".split(
    " ",
  ),
  ..."prod.env.old env.txt .env.example.bak config/app.env.staging id_ed25519_old deploy-key".split(
    " ",
  ),
  ..."my-credentials.txt Passwords.xlsx API_KEYS.yaml apiToken.json clientSecret.txt secrets/notes.txt".split(
    " ",
  ),
  ..."auth.json oauth2.json kubeconfig.yml backup-shadow wallet.dat recovery.txt github-token token.txt~".split(
    " ",
  ),
  ..."private.der serverPrivateKey.txt cookies.txt htpasswd.bak npmrc.bak db_password.txt master.key.bak".split(
    " ",
  ),
])("the name %s is a reason to ask", async (name) => {
  expect(await findSecretSigns(name, harmless)).not.toEqual([]);
});

test.each([
  ..."report.pdf README.md package.json tsconfig.json src/auth/token.ts TokenList.tsx env.d.ts keys.md".split(
    " ",
  ),
  ..."password-reset.png tokens.svg private-route.tsx environment.yml monkey.json keyboard.txt author.txt".split(
    " ",
  ),
  ..."हिन्दी-रिपोर्ट.pdf 测试.txt design-tokens.css secretary.docx passenger.csv index.html chart.png".split(
    " ",
  ),
])("the name %s is none", async (name) => {
  expect(await findSecretSigns(name, harmless)).toEqual([]);
});

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const elliptic = generateKeyPairSync("ec", { namedCurve: "P-256" });
const edwards = generateKeyPairSync("ed25519");
const random = (bytes: number): string => randomBytes(bytes).toString("base64url");

// SECRETFILE-1
test.each<[string, string | Buffer]>([
  ["a PEM key", privateKey.export({ type: "pkcs8", format: "pem" })],
  [
    "an encrypted PEM key",
    privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes256", passphrase: "x" }),
  ],
  ["a PEM key of the old form", privateKey.export({ type: "pkcs1", format: "pem" })],
  ["an elliptic PEM key", elliptic.privateKey.export({ type: "sec1", format: "pem" })],
  ["an RSA key in DER, PKCS 8", privateKey.export({ type: "pkcs8", format: "der" })],
  ["an RSA key in DER, PKCS 1", privateKey.export({ type: "pkcs1", format: "der" })],
  ["an elliptic key in DER", elliptic.privateKey.export({ type: "sec1", format: "der" })],
  ["an elliptic key in DER, PKCS 8", elliptic.privateKey.export({ type: "pkcs8", format: "der" })],
  ["an Ed25519 key in DER", edwards.privateKey.export({ type: "pkcs8", format: "der" })],
  ["a JWK", JSON.stringify(edwards.privateKey.export({ format: "jwk" }))],
  [
    "a PEM key in the middle of a text",
    `see below\n\n> ${String(edwards.privateKey.export({ type: "pkcs8", format: "pem" }))}`,
  ],
  [
    "a PEM key in JSON",
    JSON.stringify({ pem: edwards.privateKey.export({ type: "pkcs8", format: "pem" }) }),
  ],
  [
    "a PEM key in base64",
    `x: ${Buffer.from(String(privateKey.export({ type: "pkcs1", format: "pem" }))).toString("base64")}`,
  ],
  ["a key of PuTTY", join("PuTTY-User-Key", "-File-3: ssh-ed25519\n")],
  ["a service account", '{ "type": "service_account", "project_id": "x" }'],
  ["application default credentials", '{"type":"authorized_user","client_id":"x"}'],
  [
    "a GitHub token in a log",
    `curl said: ${join("ghp", "_", "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8")}`,
  ],
  ["an AWS key", join("AK", "IA", "Q3EGRWB2N5YTXKZ4")],
  [
    "a token in UTF-16",
    Buffer.concat([
      Buffer.from("fffe", "hex"),
      Buffer.from(join("ghp", "_", "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"), "utf16le"),
    ]),
  ],
  [
    "a token in a binary",
    Buffer.concat([
      Buffer.alloc(900),
      Buffer.from(join("ghp", "_", "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8")),
    ]),
  ],
  [
    "a token in UTF-16 without a mark",
    Buffer.from(
      `TOKEN=${join("ghp", "_", "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8")}\n`,
      "utf16le",
    ).swap16(),
  ],
  ["settings behind a zero byte", "\0DB_PASSWORD=hunter2-but-long\n"],
  [
    "settings behind bytes that are no text",
    Buffer.concat([randomBytes(70_000), Buffer.from("\nDB_PASSWORD=hunter2-but-long\n")]),
  ],
  ["settings", `# app\nPORT=3000\nDB_PASSWORD=hunter2-but-long\n`],
  ["settings of an unknown name", `export FROBNICATOR="${random(30)}"`],
  ["YAML", `database:\n  host: x\n  password: "s3cr3t-enough"\n`],
  ["JSON", `{ "client_secret": "${random(24)}" }`],
  ["an address with a password", "postgres://app:hunter22@db.internal/app"],
  ["a header", `Authorization: Bearer ${random(24)}`],
  ["WordPress", `define('DB_PASSWORD', 'hunter2hunter2');\n$db_password = 'hunter2hunter2';`],
  ["hashes of passwords", "root:$6$abcdefgh$0123456789abcdef0123456789:19000::::::\n"],
  ["htpasswd", "ada:$2y$05$abcdefghijklmnopqrstuv0123456789abcdef\n"],
  ["WireGuard", `[Interface]\nPrivateKey = ${randomBytes(32).toString("base64")}\n`],
  ["kubeconfig", `users:\n- user:\n    client-key-data: ${randomBytes(60).toString("base64")}\n`],
  ["docker", `{"auths":{"ghcr.io":{"auth":"${randomBytes(20).toString("base64")}"}}}`],
  [
    "a notebook",
    JSON.stringify({
      source: [`os.environ["OPENAI_API_KEY"] = "${randomBytes(16).toString("hex")}"\n`],
    }),
  ],
  ["cookies.txt", `.example.com\tTRUE\t/\tTRUE\t1790000000\tsid\t${random(20)}\n`],
  [
    "cookies of a browser's state",
    JSON.stringify({ cookies: [{ name: "sid", value: random(20), domain: "x", httpOnly: true }] }),
  ],
  ["pgpass", "db.internal:5432:app:app:hunter2-but-long\n"],
  ["a manifest", `- name: DB_PASSWORD\n  value: hunter2-but-long\n`],
  ["a task", JSON.stringify({ name: "DB_PASSWORD", value: "hunter2-but-long" })],
  ["a secret of Kubernetes", `kind: Secret\ndata:\n  a: MWYyZDFlMmU2N2Rm\n`],
  ["a state of Terraform", '{"version":4,"terraform_version":"1.5","serial":3,"lineage":"3f"}'],
  ["XML", "<server><password>hunter2-but-long</password></server>"],
  ["a Dockerfile", "FROM x\nENV API_TOKEN hunter2-but-long\n"],
  ["an export of a password manager", "url,username,password\nx,ada,correct horse\n"],
  [
    "an RSA key in DER in base64",
    privateKey.export({ type: "pkcs8", format: "der" }).toString("base64"),
  ],
  [
    "the body of a PEM key",
    String(privateKey.export({ type: "pkcs1", format: "pem" }))
      .split("\n")
      .slice(1, -2)
      .join("\n"),
  ],
  [
    "settings in base64",
    Buffer.from("# settings\nDB_PASSWORD=hunter2-but-long\n").toString("base64"),
  ],
  [
    "a token in UTF-32",
    Buffer.from(join("ghp", "_", "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8").replace(/./g, "$&\0\0\0")),
  ],
  [
    "a zip behind a picture",
    Buffer.concat([
      Buffer.from("89504e470d0a1a0a504b0304", "hex"),
      Buffer.from("504b05060000", "hex"),
    ]),
  ],
  ["npm", `//registry.npmjs.org/:_authToken=${random(20)}`],
  ["a Java keystore", Buffer.from("feedfeed00000002", "hex")],
  ["KeePass", Buffer.from("03d9a29a67fb4bb5", "hex")],
  ["a browser's logins", "SQLite format 3\0 CREATE TABLE logins (origin_url VARCHAR)"],
  [
    "a secret behind a megabyte of text",
    `${"lorem ipsum dolor\n".repeat(60_000)}${join("ghp", "_", "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8")}`,
  ],
])("%s in a file with a harmless name is a reason to ask", async (_, content) => {
  expect(await findSecretSigns("notes.txt", Buffer.from(content))).not.toEqual([]);
});

test.each([16, 20, 32])("%i random bytes in hex are a reason to ask, each time", async (count) => {
  for (let i = 0; i < 300; i += 1) {
    const line = `SESSION_KEY=${randomBytes(count).toString("hex")}\n`;
    expect(await findSecretSigns("notes.txt", Buffer.from(line)), line).not.toEqual([]);
  }
});

test("a secret over the border of two slices is found", async () => {
  const secret = join("ghp", "_", "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8");
  for (const before of [10, 20, 35]) {
    const text = `${"a b\n".repeat(16_384).slice(before)}${secret}`;
    expect(await findSecretSigns("notes.txt", Buffer.from(text))).not.toEqual([]);
  }
});

test.each<[string, string | Buffer]>([
  [
    "notes.txt",
    "The token expired, so the password must be changed. See the secret rotation guide.",
  ],
  ["notes.txt", String(publicKey.export({ type: "spki", format: "pem" }))],
  ["notes.bin", publicKey.export({ type: "spki", format: "der" })],
  [
    "app.ts",
    "const token = readToken();\nexport type Auth = { password: string; apiKey?: string };\nfetch(u, { credentials: 'same-origin' });",
  ],
  ["app.py", "api_key = os.environ['API_KEY']\nclass TokenStore: pass"],
  [
    "README.md",
    "```sh\nexport API_KEY=your-key\ncurl -H 'Authorization: Bearer $TOKEN' https://x\n```",
  ],
  ["package-lock.json", `{"integrity":"sha512-${randomBytes(64).toString("base64")}"}`],
  [
    "build.log",
    `COMMIT=${randomBytes(20).toString("hex")}\nIMAGE_DIGEST=${randomBytes(32).toString("hex")}\n200 OK in 12 ms`,
  ],
  ["data.csv", "id,name,amount\n1,Ada,12.50\n2,Grace,99.00\n"],
  [
    "chart.png",
    Buffer.concat([Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), randomBytes(20_000)]),
  ],
  ["film.mp4", Buffer.concat([Buffer.from("0000001866747970", "hex"), randomBytes(100_000)])],
  ["report.pdf", Buffer.concat([Buffer.from("%PDF\n%\0"), randomBytes(50_000)])],
])("%s without a secret is none (%#)", async (name, content) => {
  expect(await findSecretSigns(name, Buffer.from(content))).toEqual([]);
});

const ZIP = Buffer.concat([Buffer.from("504b0304", "hex"), Buffer.alloc(26), Buffer.from("a.txt")]);

// SECRETFILE-2
test("an archive is a reason to ask by its name and by its first bytes; a document that is a zip is none", async () => {
  const tar = Buffer.alloc(600);
  tar.write("ustar", 257);
  for (const name of "logs.zip logs.tar.gz logs.tgz logs.7z logs.rar app.apk app.jar x.whl logs.xz repo.bundle".split(
    " ",
  ))
    expect(await findSecretSigns(name, harmless), name).toEqual([
      expect.stringContaining("archive"),
    ]);
  for (const content of [
    ZIP,
    tar,
    gzipSync("x"),
    Buffer.from("377abcaf271c", "hex"),
    Buffer.from("# v2 git bundle\n"),
  ])
    expect(await findSecretSigns("notes.txt", content)).toEqual([
      expect.stringContaining("archive"),
    ]);
  const document = Buffer.concat([ZIP.subarray(0, 30), Buffer.from("[Content_Types].xml")]);
  expect(await findSecretSigns("report.docx", document)).toEqual([]);
  expect(await findSecretSigns("report.docx", ZIP)).toEqual([expect.stringContaining("archive")]);
});

test("a sign never holds the secret, and four megabytes of anything come to an end", async () => {
  const secret = join("ghp", "_", "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8");
  const signs = await findSecretSigns(
    "notes.txt",
    Buffer.from(`TOKEN=${secret}\npassword: "${secret}"`),
  );
  expect(signs.join()).not.toContain(secret.slice(4, 20));
  for (const piece of [
    "A=",
    "-----BEGIN ",
    "password ",
    "A1b2C3d4",
    "\n",
    "\t",
    " \n",
    "A=\n",
    "<token>",
    '{"auth":',
    "\u00e9",
  ])
    await findSecretSigns("notes.txt", Buffer.alloc(LOOKED_AT_BYTES / 8, piece));
});
