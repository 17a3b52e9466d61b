/** Loaded into the commands that tests start (`node --import`): writes down what they send, one JSON text a line. */
import { appendFileSync } from "node:fs";
import { recordRequests } from "./record-requests.ts";

const file = process.env["REQUEST_LOG"];
if (file !== undefined) recordRequests((request) => appendFileSync(file, `${JSON.stringify(request)}\n`));
