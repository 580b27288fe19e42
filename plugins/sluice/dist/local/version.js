/** The version that the hub, the shim and the plugin folder compare. A test holds it to package.json. Never read at run time: a bundle has no package.json beside it. */
export const VERSION = "0.1.0";
