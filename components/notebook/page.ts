// Runs on every page: the links between formula, code and figure, and the header's two buttons.

import {linkSymbols} from "./links.js";
import {followTheme} from "./theme.js";

followTheme();
linkSymbols();
