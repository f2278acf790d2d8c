// npm start: installs what is missing, builds the site, serves it and prints the address.
//   npm start -- --port 4000    --no-build serves what has been built before

import {runScript, setUp} from "./setUp.mjs";

setUp();
const args = process.argv.slice(2);
if (!args.includes("--no-build")) {
  console.log("building the notebook …");
  await runScript("build.ts");
}
await runScript("serve.ts", ...args.filter((arg) => arg !== "--no-build"));
