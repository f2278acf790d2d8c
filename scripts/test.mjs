// npm test: installs what is missing, a browser included, and runs every check. The last line counts them.
//   npm test -- components/nn    only the Vitest files whose path contains the argument, without the other checks

import {runScript, setUp} from "./setUp.mjs";

setUp();
await runScript("test.ts", ...process.argv.slice(2));
