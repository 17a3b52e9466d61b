/**
 * A deployment as a Bicep module: main.bicep, a parameters file, and the documents that it loads. Resources name their parents
 * and what they refer to, from which Bicep knows the order; only what follows from the text of a document stands in dependsOn.
 */
import { armTemplate } from "../arm/arm-template.ts";
import { roleWords } from "../deployed-roles.ts";
import type { DeployedRole } from "../deployed-roles.ts";
import { armTypeOf, filesOf, parentPath, wordsOf } from "../deployment.ts";
import type { Deployment, DeployedResource } from "../deployment.ts";
import { camelCase, nameAll } from "../names.ts";
import { secretName } from "../secret-names.ts";
import type { NamedSecret } from "../secret-names.ts";
import { siblingsBefore } from "../siblings.ts";
import { placesOf } from "../template.ts";
import type { TextFile } from "../template.ts";
import { apiVersion, serviceNameDescription, serviceParameter, serviceSymbol } from "../vocabulary.ts";
import { writtenBy } from "../written-by.ts";
import { bicepRole, bicepRoleFiles } from "./bicep-role.ts";
import { bicepString, bicepStringContent, bicepTextFiles, bicepValue, block } from "./bicep-value.ts";
import type { BicepNames } from "./bicep-value.ts";

/** Files of the module. Throws Failure `EXPORT.PARTIAL`, `EXPORT.TOO_LARGE` when ARM would refuse what it compiles to. */
export function bicepFiles(deployment: Deployment, secrets: readonly NamedSecret[]): TextFile[] {
  armTemplate(deployment, secrets);
  return [
    { path: "main.bicep", text: mainFile(deployment, secrets) },
    { path: "main.bicepparam", text: parametersFile(deployment, secrets) },
    ...bicepRoleFiles(commentLines(deployment.owner), deployment.roles),
    ...filesOf(deployment).flatMap(bicepTextFiles),
  ];
}

function mainFile(deployment: Deployment, secrets: readonly NamedSecret[]): string {
  const writer = createWriter(deployment, secrets);
  const parts = [
    `${commentLines(deployment.owner)}\ntargetScope = 'resourceGroup'`,
    [
      `@description(${bicepString(serviceNameDescription)})`,
      `param ${serviceParameter} string = ${bicepString(deployment.service.name)}`,
    ].join("\n"),
    ...secrets.map(({ name, description }) =>
      [`@description(${bicepString(description)})`, "@secure()", `param ${name} string`].join("\n"),
    ),
    existing(serviceSymbol, "Microsoft.ApiManagement/service", [`name: ${serviceParameter}`]),
    ...writer.existing(),
    ...deployment.roles.map(writer.role),
    ...deployment.resources.map(writer.resource),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** Secrets are read from the environment when the file is compiled, so that none stands in a file. */
function parametersFile({ owner, service }: Deployment, secrets: readonly NamedSecret[]): string {
  const lines = [
    commentLines(owner),
    "using './main.bicep'",
    "",
    `param ${serviceParameter} = ${bicepString(service.name)}`,
    ...secrets.map(
      ({ name }) => `param ${name} = readEnvironmentVariable(${bicepString(environmentName(name))})`,
    ),
  ];
  return `${lines.join("\n")}\n`;
}

/** `namedValuePlainSecretValue` is `NAMED_VALUE_PLAIN_SECRET_VALUE`. */
function environmentName(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase();
}

function commentLines(owner: string): string {
  return writtenBy(owner)
    .map((line) => `// ${line}`)
    .join("\n");
}

type Writer = {
  /** Declarations of what the resources stand below and this module does not make. */
  readonly existing: () => string[];
  readonly resource: (resource: DeployedResource) => string;
  readonly role: (role: DeployedRole) => string;
};

function createWriter({ resources, roles }: Deployment, secrets: readonly NamedSecret[]): Writer {
  const deployed = new Map(resources.map((resource) => [resource.path, resource]));
  const made = new Set([...deployed.keys(), ...roles.map(({ path }) => path)]);
  const parents = missingParents(resources, deployed);
  const symbols = nameAll(
    [
      ...resources.map((resource) => ({ key: resource.path, words: wordsOf(resource) })),
      ...roles.map((role) => ({ key: role.path, words: roleWords(role) })),
      ...parents.map((path) => ({ key: path, words: wordsOfPath(path) })),
    ],
    camelCase,
    [serviceParameter, serviceSymbol, ...secrets.map(({ name }) => name)],
  );
  const symbolOf = (path: string): string => symbols.get(path) ?? serviceSymbol;
  const parentLine = (path: string): string => {
    const parent = parentPath(path);
    return `parent: ${parent === undefined ? serviceSymbol : symbolOf(parent)}`;
  };
  const names: BicepNames = {
    parameter: (parameter) => secretName(secrets, parameter),
    resourceId: (path) =>
      symbols.has(path) ? `${symbolOf(path)}.id` : `'\${${serviceSymbol}.id}/${bicepStringContent(path)}'`,
  };
  const before = siblingsBefore(resources);
  return {
    role: (role) => bicepRole(symbolOf(role.path), role),
    existing: () =>
      parents.map((path) => {
        const { type, names: segments } = armTypeOf(path);
        return existing(symbolOf(path), type, [
          parentLine(path),
          `name: ${bicepString(segments.at(-1) ?? "")}`,
        ]);
      }),
    resource: (resource) => {
      const { path, body, apiVersion: version } = resource;
      const { type, names: segments } = armTypeOf(path);
      const waitsFor = explicitDependencies(resource, before.get(path), made).map(symbolOf);
      const lines = [
        parentLine(path),
        `name: ${bicepString(segments.at(-1) ?? "")}`,
        ...body.members.map(([key, member]) => `${key}: ${bicepValue(member, names, 1)}`),
        ...(waitsFor.length === 0 ? [] : [`dependsOn: ${block("[", "]", 1, waitsFor)}`]),
      ];
      return `resource ${symbolOf(path)} '${type}@${version}' = ${block("{", "}", 0, lines)}`;
    },
  };
}

/** `apis/a/operations/b` is `operation`, `a`, `b`. */
function wordsOfPath(path: string): string[] {
  const collection = path.split("/").at(-2) ?? "";
  return [collection.replace(/s$/, ""), ...armTypeOf(path).names];
}

function existing(symbol: string, type: string, lines: readonly string[]): string {
  return `resource ${symbol} '${type}@${apiVersion}' existing = ${block("{", "}", 0, lines)}`;
}

/** What resources stand below without this module making it: operations that the import makes, APIs that are there. Shortest first. */
function missingParents(
  resources: readonly DeployedResource[],
  deployed: ReadonlyMap<string, DeployedResource>,
): string[] {
  const missing = new Set<string>();
  for (const { path } of resources)
    for (let parent = parentPath(path); parent !== undefined; parent = parentPath(parent))
      if (!deployed.has(parent)) missing.add(parent);
  return [...missing].sort((a, b) => a.split("/").length - b.split("/").length || (a < b ? -1 : 1));
}

/** What Bicep would not know from the parent, from references, or from the parent of another one in the list. */
function explicitDependencies(
  { path, body, dependsOn }: DeployedResource,
  sibling: string | undefined,
  made: ReadonlySet<string>,
): string[] {
  const implied = new Set([parentPath(path), ...placesOf(body, "resourceId").map((place) => place.path)]);
  const all = new Set([...dependsOn, ...(sibling === undefined ? [] : [sibling])]);
  const others = [...all].filter((other) => !implied.has(other) && made.has(other));
  const parents = new Set(others.map(parentPath));
  return others.filter((other) => !parents.has(other));
}
