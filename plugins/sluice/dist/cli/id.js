let node_crypto = require("node:crypto");

// src/sdk/id.ts
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const POOL = Buffer.alloc(4096);
let used = POOL.length;
const PAIRS = Array.from(ALPHABET, (one) => Array.from(ALPHABET, (two) => one + two)).flat();
const EVENT_ID = /^evt_[0-7][0-9a-hjkmnp-tv-z]{25}$/;
function isEventId(text) {
	return EVENT_ID.test(text);
}

Object.defineProperty(exports, "isEventId", {
  enumerable: true,
  get: function () {
    return isEventId;
  }
});