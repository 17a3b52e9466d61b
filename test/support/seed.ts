/** Property tests try the same values in every run, so that a run can be repeated; SEED looks further. */
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env["SEED"] ?? 1) });
