// npm run dev: the site with live editing; pages, styles and components reload as they are saved.

import {runScript, setUp} from "./setUp.mjs";

setUp();
await runScript("dev.ts", ...process.argv.slice(2));
