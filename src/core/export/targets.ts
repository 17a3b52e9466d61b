/** The languages that a model can be exported to. */
export const exportTargets = ["bicep", "terraform", "arm"] as const;

export type ExportTarget = (typeof exportTargets)[number];
