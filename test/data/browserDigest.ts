// Runs in the browser: the digests, for the test to compare.

import {allDigests} from "./digest.js";

(globalThis as {digests?: unknown}).digests = allDigests();
