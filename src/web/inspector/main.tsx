/**
 * The inspector's page: its entry, mounts it.
 */
import { render } from "preact";
import "../style.css";
import "./inspector.css";
import { InspectorPage } from "./inspector-page.tsx";
import { takeToken } from "./connection.ts";

const root = document.getElementById("page");
if (root !== null) render(<InspectorPage token={takeToken()} />, root);
