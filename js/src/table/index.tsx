/** The table of TabularExplorer, as an anywidget module. */

import { widgetOf } from "../widget";
import { createStore } from "./store";
import { Table } from "./table";
import "./table.css";

export default widgetOf({ createStore, View: Table });
