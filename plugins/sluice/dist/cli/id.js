let node_crypto = require("node:crypto");

// src/sdk/id.ts
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const POOL = Buffer.alloc(4096);
let used = POOL.length;
let last = {
	now: -1,
	time: ""
};
const PAIRS = Array.from(ALPHABET, (one) => Array.from(ALPHABET, (two) => one + two)).flat();
const EVENT_ID = /^evt_[0-7][0-9a-hjkmnp-tv-z]{25}$/;
function newUlid(now) {
	if (now !== last.now) last = {
		now,
		time: toTime(now)
	};
	if (used === POOL.length) {
		(0, node_crypto.randomFillSync)(POOL);
		used = 0;
	}
	let id = last.time;
	for (const end = used + 16; used < end; used += 2) id += PAIRS[POOL.readUInt16LE(used) & 1023];
	return id;
}
function toTime(now) {
	let time = "";
	for (let rest = now, i = 0; i < 10; i++) {
		time = ALPHABET[rest % 32] + time;
		rest = Math.floor(rest / 32);
	}
	return time;
}
function isEventId(text) {
	return EVENT_ID.test(text);
}

Object.defineProperty(exports, "isEventId", {
  enumerable: true,
  get: function () {
    return isEventId;
  }
});
Object.defineProperty(exports, "newUlid", {
  enumerable: true,
  get: function () {
    return newUlid;
  }
});