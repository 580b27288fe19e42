// src/sdk/message.ts
const OUTBOX_STATES = [
	"queued",
	"sending",
	"sent",
	"failed",
	"maybe"
];
var MaybeSent = class extends Error {
	name = "MaybeSent";
	messageIds;
	constructor(message, messageIds = []) {
		super(message);
		this.messageIds = messageIds;
	}
};

Object.defineProperty(exports, "MaybeSent", {
  enumerable: true,
  get: function () {
    return MaybeSent;
  }
});
Object.defineProperty(exports, "OUTBOX_STATES", {
  enumerable: true,
  get: function () {
    return OUTBOX_STATES;
  }
});