const require_main = require("./main.js");
const require_shared = require("./shared.js");

// src/cli/requests/request-flags.ts
const PROOF_FLAGS = {
	hmac: require_shared.option("line", "For webhook: a signature in a header, as sha256:hex:X-Signature:{body} (also sha1, sha512, base64, and a prefix as in X-Signature=v1=)"),
	basic: require_shared.flag("For webhook: HTTP Basic; the secret is user:password"),
	"query-secret": require_shared.option("name", "For webhook: the secret in the URL, as ?name=; only where the sender can do nothing else"),
	"path-secret": require_shared.flag("For webhook: the secret as the end of the URL; only where the sender can do nothing else")
};
const TEMPLATE_FLAGS = {
	text: require_shared.option("template", "For webhook: what to tell, such as \"{{event.title}} is {{event.level}}\""),
	meta: require_shared.option("name=path", "For webhook: a fact, such as status=event.state"),
	entity: require_shared.option("template", "For webhook: what it is about, such as {{event.host}}"),
	severity: require_shared.option("path", "For webhook: the path of its severity, such as alert.level"),
	id: require_shared.option("path", "For webhook: the path of the sender's own id of a delivery, so that a repeat is known")
};
function readProof(args) {
	const { verify, header, hmac } = args;
	const query = args["query-secret"];
	const given = [
		verify === void 0 ? void 0 : "--verify",
		hmac === void 0 ? void 0 : "--hmac",
		args.basic === true ? "--basic" : void 0,
		query === void 0 ? void 0 : "--query-secret",
		args["path-secret"] === true ? "--path-secret" : void 0
	].filter((one) => one !== void 0);
	if (given.length > 1) throw require_main.toUsageFault(`${given.join(" and ")} exclude each other`);
	if (header !== void 0 && given.length > 0 && verify === void 0) throw require_main.toUsageFault(`--header and ${given.join("")} exclude each other`);
	if (args.basic === true) return {
		scheme: "basic",
		header: void 0,
		hmac: void 0
	};
	if (args["path-secret"] === true) return {
		scheme: "path",
		header: void 0,
		hmac: void 0
	};
	if (query !== void 0) return {
		scheme: "query",
		header: query,
		hmac: void 0
	};
	return {
		scheme: verify,
		header,
		hmac
	};
}
function readTemplate({ text, entity, severity, id }, meta) {
	const facts = meta.map((pair) => {
		const at = pair.indexOf("=");
		if (at < 1 || at === pair.length - 1) throw require_main.toUsageFault(`--meta ${pair} is not name=path, such as status=event.state`);
		return [pair.slice(0, at), pair.slice(at + 1)];
	});
	const template = {
		...text !== void 0 && { text },
		...facts.length > 0 && { meta: Object.fromEntries(facts) },
		...entity !== void 0 && { entity },
		...severity !== void 0 && { severity },
		...id !== void 0 && { id }
	};
	return Object.keys(template).length === 0 ? void 0 : template;
}
function toTemplateFlags({ text, meta = {}, entity, severity, id }) {
	return [
		["--text", text],
		...Object.entries(meta).map(([key, path]) => ["--meta", `${key}=${path}`]),
		["--entity", entity],
		["--severity", severity],
		["--id", id]
	].flatMap(([name, value]) => value === void 0 ? [] : [`${name} ${require_main.toShellWord(value)}`]).join(" ");
}

Object.defineProperty(exports, "PROOF_FLAGS", {
  enumerable: true,
  get: function () {
    return PROOF_FLAGS;
  }
});
Object.defineProperty(exports, "TEMPLATE_FLAGS", {
  enumerable: true,
  get: function () {
    return TEMPLATE_FLAGS;
  }
});
Object.defineProperty(exports, "readProof", {
  enumerable: true,
  get: function () {
    return readProof;
  }
});
Object.defineProperty(exports, "readTemplate", {
  enumerable: true,
  get: function () {
    return readTemplate;
  }
});
Object.defineProperty(exports, "toTemplateFlags", {
  enumerable: true,
  get: function () {
    return toTemplateFlags;
  }
});