// src/sdk/json.ts
const MAX_DEPTH = 64;
const LEFT_OUT = "\"…\"";
function parseJson(input) {
	const given = typeof input === "string" ? input : decodeUtf8(input);
	if (given === void 0) return {
		kind: "bad",
		reason: "the body is not valid UTF-8"
	};
	if (isPlainJson(given)) return parsePlain(given);
	const { deep, isOpen, ...found } = scan(given);
	if (isOpen) return BROKEN;
	const text = deep.length === 0 ? given : replaceAll(given, deep, () => LEFT_OUT);
	const { longDigits } = text === given ? found : scan(text);
	try {
		const value = JSON.parse(text);
		const leftOut = deep.reduce((sum, { start, end }) => sum + end - start, 0);
		if (longDigits.length === 0) return {
			kind: "ok",
			value,
			leftOut
		};
		const quoted = quoteLongIntegers(text, longDigits);
		return {
			kind: "ok",
			value: JSON.parse(quoted),
			leftOut
		};
	} catch {
		return BROKEN;
	}
}
function isPlainJson(text) {
	let opened = 0;
	for (const sign of ["{", "["]) for (let i = text.indexOf(sign); i !== -1; i = text.indexOf(sign, i + 1)) if (++opened > 64) return false;
	return !/\d{16}/.test(text);
}
function parsePlain(text) {
	try {
		return {
			kind: "ok",
			value: JSON.parse(text),
			leftOut: 0
		};
	} catch {
		return BROKEN;
	}
}
const BROKEN = Object.freeze({
	kind: "bad",
	reason: "the body is not valid JSON"
});
function parseObject(text) {
	try {
		const value = JSON.parse(text);
		return isObject(value) ? value : void 0;
	} catch {
		return;
	}
}
function isObject(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
const STRICT_UTF8 = new TextDecoder("utf-8", { fatal: true });
function decodeUtf8(bytes) {
	try {
		return STRICT_UTF8.decode(bytes);
	} catch {
		return;
	}
}
function toStorableText(text) {
	const whole = text.toWellFormed();
	return whole.includes("\0") ? whole.replaceAll("\0", "") : whole;
}
function at(value, path) {
	let here = value;
	for (const key of path.split(".")) {
		if (typeof here !== "object" || here === null || !Object.hasOwn(here, key)) return void 0;
		here = here[key];
	}
	return here;
}
function textAt(value, path) {
	const found = at(value, path);
	return typeof found === "string" && found !== "" ? toStorableText(found) : void 0;
}
function isTrueAt(value, path) {
	return at(value, path) === true;
}
function listAt(value, path) {
	const found = at(value, path);
	return Array.isArray(found) ? found : [];
}
function scan(text) {
	const found = {
		deep: [],
		isOpen: false,
		longDigits: []
	};
	let depth = 0;
	let digits = 0;
	let start = 0;
	for (let i = 0; i <= text.length; i++) {
		const code = text.charCodeAt(i);
		if (code >= 48 && code <= 57) {
			digits++;
			continue;
		}
		if (digits >= 16) found.longDigits.push({
			start: i - digits,
			end: i
		});
		digits = 0;
		if (code === 34) i = endOfString(text, i);
		else if (code === 123 || code === 91) {
			if (depth++ === 64) start = i;
		} else if ((code === 125 || code === 93) && --depth === 64) found.deep.push({
			start,
			end: i + 1
		});
	}
	found.isOpen = depth > 64;
	return found;
}
function endOfString(text, start) {
	let i = start + 1;
	while (i < text.length) {
		const code = text.charCodeAt(i);
		if (code === 34) return i;
		i += code === 92 ? 2 : 1;
	}
	return i;
}
function quoteLongIntegers(text, spans) {
	return replaceAll(text, spans.flatMap(({ start, end }) => {
		const first = text[start - 1] === "-" ? start - 1 : start;
		if (!(!/[.eE+]/.test(text[first - 1] ?? "") && !/[.eE]/.test(text[end] ?? "")) || Number.isSafeInteger(Number(text.slice(first, end)))) return [];
		return [{
			start: first,
			end
		}];
	}), (digits) => `"${digits}"`);
}
function replaceAll(text, spans, replace) {
	const parts = [];
	let done = 0;
	for (const { start, end } of spans) {
		parts.push(text.slice(done, start), replace(text.slice(start, end)));
		done = end;
	}
	return parts.join("") + text.slice(done);
}

Object.defineProperty(exports, "at", {
  enumerable: true,
  get: function () {
    return at;
  }
});
Object.defineProperty(exports, "isTrueAt", {
  enumerable: true,
  get: function () {
    return isTrueAt;
  }
});
Object.defineProperty(exports, "listAt", {
  enumerable: true,
  get: function () {
    return listAt;
  }
});
Object.defineProperty(exports, "parseJson", {
  enumerable: true,
  get: function () {
    return parseJson;
  }
});
Object.defineProperty(exports, "parseObject", {
  enumerable: true,
  get: function () {
    return parseObject;
  }
});
Object.defineProperty(exports, "textAt", {
  enumerable: true,
  get: function () {
    return textAt;
  }
});