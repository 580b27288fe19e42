// src/sdk/own-tool.ts
const SEND_FILES_TOOL = "sluice: send files";
const HARMLESS = /^mcp__plugin_sluice_sluice__(inbox|ack|details|reply|react|edit_message|download_attachment)$/;
const BY_EVENT = /* @__PURE__ */ new Set([
	"reply",
	"react",
	"download_attachment"
]);
function toPermit(tool) {
	const [, name] = HARMLESS.exec(tool) ?? [];
	if (name === void 0) return void 0;
	return BY_EVENT.has(name) ? "by-event" : "at-once";
}
const PERMIT = { hookSpecificOutput: {
	hookEventName: "PreToolUse",
	permissionDecision: "allow",
	permissionDecisionReason: "a Sluice tool that touches only its own inbox"
} };

Object.defineProperty(exports, "PERMIT", {
  enumerable: true,
  get: function () {
    return PERMIT;
  }
});
Object.defineProperty(exports, "SEND_FILES_TOOL", {
  enumerable: true,
  get: function () {
    return SEND_FILES_TOOL;
  }
});
Object.defineProperty(exports, "toPermit", {
  enumerable: true,
  get: function () {
    return toPermit;
  }
});