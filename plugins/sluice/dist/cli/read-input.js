const require_main = require("./main.js");
const require_shared = require("./shared.js");

// src/cli/read-input.ts
const MAX_SECRET_BYTES = 4096;
async function readStdin(maxBytes) {
	const chunks = [];
	let bytes = 0;
	for await (const chunk of process.stdin) {
		const part = Buffer.from(chunk);
		bytes += part.length;
		if (bytes > maxBytes) throw new require_main.SluiceError("too_large", `stdin holds more than ${maxBytes} bytes; send less`);
		chunks.push(part);
	}
	return Buffer.concat(chunks).toString("utf8").replace(/\r?\n$/, "");
}
async function readSecret(maxBytes, what = "secret") {
	if (!process.stdin.isTTY) return (await readStdin(maxBytes)).trim();
	const questions = require_shared.openQuestions({ hidden: true });
	try {
		return (await questions.ask(`Paste the ${what} and press Enter, it is not shown: `)).trim();
	} catch (cause) {
		throw new require_main.SluiceError("bad_secret", "no secret was given", { cause });
	} finally {
		questions.close();
	}
}
async function readGivenSecrets(variables, fromStdin) {
	const [first, second] = variables.filter((one) => !one.includes("="));
	if (second !== void 0) throw require_main.toUsageFault(`--secret-env ${second}: there is one first secret; another one is written name=${second}`);
	const secret = await readGivenSecret(first, fromStdin);
	const named = variables.filter((one) => one.includes("=")).map((pair) => {
		const [name = "", variable = ""] = pair.split(/=(.*)/s);
		const value = Object.hasOwn(process.env, variable) ? process.env[variable]?.trim() : "";
		if (/^[a-z][a-z0-9_]{0,31}$/.test(name) && value !== void 0 && value !== "") return [name, value];
		throw require_main.toUsageFault(`--secret-env ${name}=...: give a secret's name and a variable that is set, as token=GITHUB_TOKEN, not the secret itself`);
	});
	return {
		...secret === void 0 ? {} : { secret },
		...named.length === 0 ? {} : { secrets: Object.fromEntries(named) }
	};
}
async function readGivenSecret(variable, fromStdin) {
	if (variable !== void 0 && fromStdin) throw require_main.toUsageFault("give --secret-env or --secret-stdin, not both");
	if (variable === void 0 && !fromStdin) return void 0;
	const secret = variable === void 0 ? await readSecret(MAX_SECRET_BYTES) : process.env[variable]?.trim();
	if (secret !== void 0 && secret !== "") return secret;
	throw require_main.toUsageFault(variable === void 0 ? "--secret-stdin: stdin is empty" : `--secret-env: the variable "${variable}" is not set; give its name, not the secret itself`);
}

Object.defineProperty(exports, "MAX_SECRET_BYTES", {
  enumerable: true,
  get: function () {
    return MAX_SECRET_BYTES;
  }
});
Object.defineProperty(exports, "readGivenSecrets", {
  enumerable: true,
  get: function () {
    return readGivenSecrets;
  }
});
Object.defineProperty(exports, "readSecret", {
  enumerable: true,
  get: function () {
    return readSecret;
  }
});
Object.defineProperty(exports, "readStdin", {
  enumerable: true,
  get: function () {
    return readStdin;
  }
});