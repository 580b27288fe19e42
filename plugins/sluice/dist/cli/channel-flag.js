// src/sdk/channel-flag.ts
const MARKETPLACE = "sluice";
const PLUGIN = `sluice@${MARKETPLACE}`;
const CHANNELS_FLAG = "--channels";
const DEVELOPMENT_FLAG = "--dangerously-load-development-channels";
function readChannelFlags(argv) {
	const values = [];
	let open;
	for (let i = 0; i < argv.length; i++) {
		const argument = argv[i] ?? "";
		if (argument === "--") break;
		if (argument.length < 2 || !argument.startsWith("-")) {
			if (open !== void 0) values.push({
				flag: open,
				value: argument
			});
			continue;
		}
		open = isChannelFlag(argument) ? argument : void 0;
		if (open !== void 0) values.push({
			flag: open,
			value: argv[++i]
		});
		const [, flag = "", value] = /^(--[^=]+)=(.*)$/s.exec(argument) ?? [];
		if (isChannelFlag(flag)) values.push({
			flag,
			value
		});
	}
	return values;
}
function isChannelFlag(word) {
	return word === "--channels" || word === "--dangerously-load-development-channels";
}
function listChannelTags(argv) {
	return readChannelFlags(argv).flatMap(({ flag, value = "" }) => {
		const isDevelopment = flag === DEVELOPMENT_FLAG;
		if (value === "server:sluice") return [{
			marketplace: void 0,
			isDevelopment
		}];
		const marketplace = /^plugin:sluice@([\w.-]+)$/.exec(value)?.[1];
		return marketplace === void 0 ? [] : [{
			marketplace,
			isDevelopment
		}];
	});
}
function isChannelNamed(argv) {
	return listChannelTags(argv).length > 0;
}

Object.defineProperty(exports, "MARKETPLACE", {
  enumerable: true,
  get: function () {
    return MARKETPLACE;
  }
});
Object.defineProperty(exports, "PLUGIN", {
  enumerable: true,
  get: function () {
    return PLUGIN;
  }
});
Object.defineProperty(exports, "isChannelNamed", {
  enumerable: true,
  get: function () {
    return isChannelNamed;
  }
});