/** The secrets of a deployment with the names that they have in a module. */
import { parametersOf } from "./deployment.ts";
import type { Deployment } from "./deployment.ts";
import { camelCase, nameAll, snakeCase } from "./names.ts";
import type { SecretParameter } from "./template.ts";
import { serviceParameter, serviceSymbol, serviceVariables } from "./vocabulary.ts";

export type NamedSecret = SecretParameter & { readonly name: string };

/** As ARM and Bicep write names: `namedValuePlainSecretValue`. */
export function camelSecrets(deployment: Deployment): NamedSecret[] {
  return nameSecrets(parametersOf(deployment), camelCase, [serviceParameter, serviceSymbol]);
}

/** As Terraform writes them: `named_value_plain_secret_value`. */
export function snakeSecrets(deployment: Deployment): NamedSecret[] {
  const secrets = parametersOf(deployment);
  const lower = (words: readonly string[]): string =>
    snakeCase(words.map((word) => word.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase()));
  return nameSecrets(secrets, lower, Object.values(serviceVariables));
}

/** The name of a secret among these. */
export function secretName(secrets: readonly NamedSecret[], { words }: SecretParameter): string {
  const key = words.join("/");
  const found = secrets.find((secret) => secret.words.join("/") === key);
  if (found === undefined) throw new Error(`no secret ${key}`);
  return found.name;
}

function nameSecrets(
  secrets: readonly SecretParameter[],
  write: (words: readonly string[]) => string,
  reserved: readonly string[],
): NamedSecret[] {
  const names = nameAll(
    secrets.map(({ words }) => ({ key: words.join("/"), words })),
    write,
    reserved,
  );
  return secrets.map((secret) => ({ ...secret, name: names.get(secret.words.join("/")) ?? "" }));
}
