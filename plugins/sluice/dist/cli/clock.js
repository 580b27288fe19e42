// src/sdk/clock.ts
const systemClock = {
	now: Date.now,
	after(delayMs, action) {
		const timer = setTimeout(action, Math.min(delayMs, 2147483647));
		timer.unref();
		return () => clearTimeout(timer);
	}
};
async function within(ms, work, late) {
	let timer;
	const limit = new Promise((resolve) => timer = setTimeout(resolve, ms, late));
	try {
		return await Promise.race([work, limit]);
	} finally {
		clearTimeout(timer);
	}
}

Object.defineProperty(exports, "within", {
  enumerable: true,
  get: function () {
    return within;
  }
});