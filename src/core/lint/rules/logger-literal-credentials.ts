import { pointer } from "../../spec/source.ts";
import type { Rule } from "../rule.ts";

export const loggerLiteralCredentials: Rule = {
  id: "logger-literal-credentials",
  severity: "warning",
  summary: "A logger's connection string or key is given directly, not through a named value.",
  why:
    "The service moves it into a named value of its own and never returns it, so plan cannot tell whether it changed; " +
    "and a literal in the spec ends up in the repository (learn.microsoft.com/rest/api/apimanagement/logger/create-or-update).",
  examples: {
    bad: `
loggers: { ai: { applicationInsights: { connectionString: "InstrumentationKey=00000000-0000-0000-0000-000000000000" } } }`,
    good: `
namedValues: { ai-cs: { keyVault: https://kv.vault.azure.net/secrets/ai-cs } }
loggers: { ai: { applicationInsights: { connectionString: "{{ai-cs}}" } } }`,
  },
  check: ({ spec, source }) =>
    Object.entries(spec.loggers ?? {}).flatMap(([id, logger]) => {
      const values: [string, string | undefined][] = [
        [
          pointer("loggers", id, "applicationInsights", "connectionString"),
          logger.applicationInsights?.connectionString,
        ],
        [
          pointer("loggers", id, "applicationInsights", "instrumentationKey"),
          logger.applicationInsights?.instrumentationKey,
        ],
        [pointer("loggers", id, "eventHub", "connectionString"), logger.eventHub?.connectionString],
      ];
      return values
        .filter(([, value]) => value !== undefined && !/^\{\{.+\}\}$/.test(value))
        .map(([at]) => ({
          message: `the credentials of logger \`${id}\` are not a named value`,
          at: source.locate(at),
          help: 'put them into a named value, best from Key Vault, and write "{{name}}" here',
        }));
    }),
};
