// src/sdk/channel-flag.ts
const MARKETPLACE = "sluice";
const PLUGIN = `sluice@${MARKETPLACE}`;
function isChannelNamed(argv) {
	return argv.some((argument, index) => {
		const flag = index > 0 ? argv[index - 1] ?? "" : "";
		const isValue = /^--(channels|dangerously-load-development-channels)$/.test(flag);
		const [, inline] = /^--(?:channels|dangerously-load-development-channels)=(.*)$/s.exec(argument) ?? [];
		return (inline ?? (isValue || /^(plugin|server):/.test(argument) ? argument : "")).split(/[\s,]+/).some((name) => /^(?:plugin:sluice(?:@|:|$)|server:sluice$)/.test(name));
	});
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