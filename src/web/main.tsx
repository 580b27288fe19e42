/**
 * The page's entry: mounts it.
 */
import { render } from "preact";
// First: what a page's own file says of the same thing comes later, and counts.
import "./style.css";
import { App } from "./app.tsx";

const root = document.getElementById("page");
if (root !== null) render(<App />, root);
