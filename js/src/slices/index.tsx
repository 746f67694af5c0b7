/** The table of SliceExplorer and its controls, as an anywidget module. */

import { widgetOf } from "../widget";
import { createStore } from "./store";
import { SliceView } from "./view";
import "./slices.css";

export default widgetOf({ createStore, View: SliceView });
