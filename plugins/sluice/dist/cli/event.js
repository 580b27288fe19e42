// src/sdk/event.ts
const PRIORITIES = [
	"low",
	"normal",
	"urgent"
];
const LANES = [
	"monitor",
	"channel",
	"pull"
];
const DELIVERY_STATES = [
	"stored",
	"offered",
	"seen",
	"done",
	"expired",
	"dead"
];

Object.defineProperty(exports, "DELIVERY_STATES", {
  enumerable: true,
  get: function () {
    return DELIVERY_STATES;
  }
});
Object.defineProperty(exports, "LANES", {
  enumerable: true,
  get: function () {
    return LANES;
  }
});
Object.defineProperty(exports, "PRIORITIES", {
  enumerable: true,
  get: function () {
    return PRIORITIES;
  }
});