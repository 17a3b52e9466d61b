/** The options of every command, by group: one place, so that a flag means and says the same everywhere. */
import { exportTargets } from "../core/export/targets.ts";
import {
  choice,
  flag,
  optionalChoice,
  optionalWholeNumber,
  switchOff,
  text,
  texts,
  textWithDefault,
  wholeNumber,
  type OptionValues,
} from "./options.ts";

/** Read by `main` itself, on every command. */
export const outputOptions = {
  color: flag("--no-color", "no colours (also NO_COLOR; FORCE_COLOR for colours without a terminal)"),
  quiet: flag("-q, --quiet", "no progress and no messages but errors"),
  verbose: flag("-v, --verbose", "details: more of the result, reads and retries"),
};

const specOptions = {
  file: textWithDefault("-f, --file <path>", "gateway spec", "gateway.yaml"),
  env: text("-e, --env <name>", "overlay from the spec's environments"),
};

/** For commands that take several environments in one run. */
const fleetOptions = {
  ...specOptions,
  env: text("-e, --env <name>", "overlay from the spec's environments; a,b,c for several in one run"),
};

const serviceOptions = {
  subscription: text("--subscription <id>", "Azure subscription, instead of the spec's"),
  resourceGroup: text("--resource-group <name>", "resource group, instead of the spec's"),
  service: text("--service <name>", "API Management service, instead of the spec's"),
  workspace: text("--workspace <id>", "workspace of the service, instead of the spec's"),
};

const connectionOptions = {
  ...serviceOptions,
  cloud: optionalChoice("--cloud <name>", "Azure cloud; AzureCloud when left out", [
    "AzureCloud",
    "AzureChinaCloud",
    "AzureUSGovernment",
  ]),
  armEndpoint: text("--arm-endpoint <url>", "another ARM endpoint: https, or http on this machine", {
    env: "APIMGW_ARM_ENDPOINT",
  }),
  local: text("--local [dir]", "the local APIM instead of Azure, its state in the folder", {
    preset: ".apimgw/local",
    conflicts: ["armEndpoint", "cloud"],
  }),
};

const autoApprove = flag("--auto-approve", "do not ask before writing");
const concurrency = wholeNumber("--concurrency <n>", "writes side by side, 1 to 50", {
  min: 1,
  max: 50,
  default: 4,
});
const rewriteSecrets = flag(
  "--rewrite-secrets",
  "write secrets again: the service does not show them, so they cannot be compared",
);
const adopt = flag(
  "--adopt",
  "take over what is there without a mark, also where it is as the spec wants it already",
);
/** Which of the changes. */
const pickOptions = {
  target: texts(
    "--target <kind:id>",
    "only these, and what must come before them; the id may hold *; can be repeated",
  ),
  exclude: texts("--exclude <kind:id>", "not these, nor what cannot be done without them; can be repeated"),
};
const selectionOptions = {
  ...pickOptions,
  delete: switchOff("--no-delete", "delete nothing, and leave out what waits for a delete"),
};
const serverValidate = flag(
  "--server-validate",
  "ask the service, without effect, what it can tell: its state, the policies it knows, its Key Vaults",
);
const expectDigest = text("--expect-digest <digest>", "go on only if this is the digest of the plan");
const textOrJson = choice("--format <name>", "output format", ["text", "json"]);

export const initOptions = {
  template: text("-t, --template <name>", "the pattern to start from"),
  list: flag("--list", "show the patterns"),
  force: flag("--force", "overwrite files that are there"),
  format: textOrJson,
  ...outputOptions,
};

const findingOptions = {
  rule: texts("--rule <id=severity>", "severity of a rule: off, info, warning or error; can be repeated"),
  maxWarnings: optionalWholeNumber("--max-warnings <n>", "more warnings than this count as a failure", {
    min: 0,
    max: 1_000_000,
  }),
  baseline: text("--baseline <file>", "findings that are known, and not shown again"),
  writeBaseline: text("--write-baseline <file>", "write the findings there are as the baseline", {
    conflicts: ["baseline"],
  }),
  format: choice("--format <name>", "output format", [
    "text",
    "json",
    "sarif",
    "junit",
    "github",
    "azure-devops",
  ]),
};

const expressions = switchOff("--no-expressions", "do not check the C# in expressions");

export const lintOptions = {
  ...specOptions,
  ...serviceOptions,
  expressions,
  ...findingOptions,
  ...outputOptions,
};

const stdinFilename = text("--stdin-filename <path>", "what standard input is called, when `-` is a path");

export const lintPoliciesOptions = {
  scope: optionalChoice("--scope <name>", "where the documents apply, whatever their paths say", [
    "global",
    "workspace",
    "product",
    "api",
    "operation",
  ]),
  sku: optionalChoice("--sku <name>", "tier of the service, which decides what it supports", [
    "Consumption",
    "Developer",
    "Basic",
    "BasicV2",
    "Standard",
    "StandardV2",
    "Premium",
    "PremiumV2",
  ]),
  dialect: choice("--dialect <name>", "how expressions are written", ["auto", "rawxml", "xml"]),
  known: text("--known <path>", "what exists on the service: a folder written by render -o, or a JSON file"),
  expressions,
  fix: flag("--fix", "put right what can be put right mechanically"),
  dryRun: flag("--dry-run", "with --fix: show the changes and write nothing"),
  stdinFilename,
  ...findingOptions,
  ...outputOptions,
};

export const fmtOptions = {
  check: flag("--check", "write nothing; fail when a file would change"),
  stdinFilename,
  ...outputOptions,
};

export const explainOptions = { format: textOrJson, ...outputOptions };

export const renderOptions = {
  ...specOptions,
  ...serviceOptions,
  output: text("-o, --output <path>", "write the files there instead of showing the tree"),
  xmlFormat: choice("--xml-format <name>", "how policy expressions are written", ["rawxml", "xml"]),
  format: textOrJson,
  ...outputOptions,
};

export const exportOptions = {
  ...specOptions,
  ...serviceOptions,
  to: optionalChoice("--to <language>", "language of the module", exportTargets),
  output: text("-o, --output <path>", "write the files there instead of showing the tree"),
  force: flag(
    "--force",
    "overwrite files that are there, also those that are not of this spec's last export",
  ),
  format: textOrJson,
  ...outputOptions,
};

const skipUnsupported = flag(
  "--skip-unsupported",
  "pass over policies that cannot be run, instead of stopping the requests that need them",
);

const instances = optionalWholeNumber(
  "--instances <n>",
  "gateway instances, each with breakers and pools of its own, 1 to 100; as the scenario says when left out",
  { min: 1, max: 100 },
);

export const simulateOptions = {
  ...specOptions,
  scenario: text("-s, --scenario <file>", "the traffic, and what stands behind the backends"),
  compare: text("--compare <spec>", "run the same traffic through another gateway spec too"),
  explain: optionalWholeNumber("--explain <n>", "show what each policy did with the n-th request", {
    min: 1,
    max: Number.MAX_SAFE_INTEGER,
  }),
  instances,
  skipUnsupported,
  output: text("-o, --output <path>", "write the result there"),
  format: choice("--format <name>", "output format", ["text", "json", "svg", "html"]),
  ...outputOptions,
};

export const graphOptions = {
  ...specOptions,
  api: texts("--api <id>", "only this API; can be repeated"),
  operation: texts("--operation <id>", "only this operation, or API/OPERATION; can be repeated"),
  all: flag("--all", "name every operation, also those that are denied"),
  output: text("-o, --output <path>", "write the result there"),
  format: choice("--format <name>", "output format", ["mermaid", "dot", "svg", "json"]),
  ...outputOptions,
};

export const testOptions = {
  ...specOptions,
  filter: text("--filter <text>", "only cases with this in their names"),
  format: choice("--format <name>", "output format", ["text", "json", "junit"]),
  ...outputOptions,
};

export const planOptions = {
  ...fleetOptions,
  ...connectionOptions,
  out: text("--out <file>", "save the plan, for apply"),
  detailedExitcode: flag("--detailed-exitcode", "exit with 2 when there are changes"),
  serverValidate,
  drift: flag("--drift", "show instead what others have changed on the service since the last apply"),
  ...selectionOptions,
  adopt,
  rewriteSecrets,
  format: choice("--format <name>", "output format", ["text", "json", "markdown"]),
  ...outputOptions,
};

export const applyOptions = {
  ...fleetOptions,
  ...connectionOptions,
  autoApprove,
  concurrency,
  serverValidate,
  expectDigest,
  ...selectionOptions,
  adopt,
  rewriteSecrets,
  format: textOrJson,
  ...outputOptions,
};

export const pullOptions = {
  api: texts("--api <id>", "only this API and what it uses; can be repeated"),
  name: text(
    "--name <name>",
    "name of the spec: the one that the marks on the service agree on, else the service's",
  ),
  force: flag("--force", "overwrite files that are there"),
  ...connectionOptions,
  format: textOrJson,
  ...outputOptions,
};

export const keysOptions = {
  ...specOptions,
  ...connectionOptions,
  show: flag("--show", "print the keys as well"),
  regenerate: optionalChoice("--regenerate <which>", "make a new key in place of one: primary or secondary", [
    "primary",
    "secondary",
  ]),
  autoApprove,
  format: textOrJson,
  ...outputOptions,
};

export const revisionsOptions = {
  ...specOptions,
  ...connectionOptions,
  format: textOrJson,
  ...outputOptions,
};

export const releaseOptions = {
  ...specOptions,
  ...connectionOptions,
  revision: optionalWholeNumber("--revision <n>", "this revision, by its number", { min: 1, max: 1_000_000 }),
  notes: text("--notes <text>", "what the API's change log says"),
  autoApprove,
  format: textOrJson,
  ...outputOptions,
};

export const destroyOptions = {
  ...fleetOptions,
  ...connectionOptions,
  autoApprove,
  concurrency,
  expectDigest,
  ...pickOptions,
  format: textOrJson,
  ...outputOptions,
};

export const doctorOptions = {
  ...specOptions,
  ...connectionOptions,
  format: textOrJson,
  ...outputOptions,
};

export const probeOptions = {
  count: optionalWholeNumber(
    "-n, --count <n>",
    "how many calls; 20 when neither this nor --duration is given",
    {
      min: 1,
      max: 1_000_000,
    },
  ),
  duration: text("--duration <time>", "how long calls begin: 30s, 5m"),
  concurrency: wholeNumber("--concurrency <n>", "calls side by side, 1 to 1000", {
    min: 1,
    max: 1000,
    default: 1,
  }),
  rate: text("--rate <n/s>", "no more calls than these begin: 5/s, 90/m"),
  timeout: textWithDefault("--timeout <time>", "how long to wait for a whole answer", "60s"),
  method: text("--method <name>", "method; POST with a body, else GET"),
  header: texts("--header <name: value>", "a header; can be repeated"),
  key: text("--key <key>", "subscription key; better in the environment, which others cannot see", {
    env: "APIMGW_SUBSCRIPTION_KEY",
  }),
  keyHeader: textWithDefault("--key-header <name>", "header of the key", "api-key"),
  body: text("--body <file>", "body: a file, - for standard input, or text such as JSON"),
  deployment: text(
    "--deployment <name>",
    "call the chat of this deployment, when the URL names no operation",
  ),
  apiVersion: text("--api-version <version>", "api-version in the query"),
  chart: flag("--chart", "show the answers over time too"),
  format: textOrJson,
  ...outputOptions,
};

export const devOptions = {
  file: text("-f, --file <path>", "gateway spec to serve; gateway.yaml when left out, where there is one", {
    conflicts: ["applied"],
  }),
  env: specOptions.env,
  applied: flag("--applied", "serve what is applied to the management API, and no spec"),
  scenario: text("-s, --scenario <file>", "the mock accounts behind the backends"),
  instances,
  skipUnsupported,
  port: wholeNumber("--port <n>", "port of the gateway; 0 for any free one", {
    min: 0,
    max: 65_535,
    default: 8471,
  }),
  managementPort: wholeNumber("--management-port <n>", "port of the management API; 0 for any free one", {
    min: 0,
    max: 65_535,
    default: 8470,
  }),
  faults: text("--faults <file>", "what is to go wrong"),
  format: textOrJson,
  ...outputOptions,
};

export const schemaOptions = { ...outputOptions };

/** What the handlers of the commands get. */
export type InitOptions = OptionValues<typeof initOptions>;
export type LintOptions = OptionValues<typeof lintOptions>;
export type LintPoliciesOptions = OptionValues<typeof lintPoliciesOptions>;
export type FmtOptions = OptionValues<typeof fmtOptions>;
export type ExplainOptions = OptionValues<typeof explainOptions>;
/** What the commands that find problems share. */
export type FindingOptions = OptionValues<typeof findingOptions>;
export type RenderOptions = OptionValues<typeof renderOptions>;
export type ExportOptions = OptionValues<typeof exportOptions>;
export type SimulateOptions = OptionValues<typeof simulateOptions>;
export type GraphOptions = OptionValues<typeof graphOptions>;
export type TestOptions = OptionValues<typeof testOptions>;
export type PlanOptions = OptionValues<typeof planOptions>;
export type ApplyOptions = OptionValues<typeof applyOptions>;
export type PullOptions = OptionValues<typeof pullOptions>;
export type KeysOptions = OptionValues<typeof keysOptions>;
export type RevisionsOptions = OptionValues<typeof revisionsOptions>;
export type ReleaseOptions = OptionValues<typeof releaseOptions>;
export type DestroyOptions = OptionValues<typeof destroyOptions>;
export type DoctorOptions = OptionValues<typeof doctorOptions>;
export type ProbeOptions = OptionValues<typeof probeOptions>;
export type DevOptions = OptionValues<typeof devOptions>;
export type SchemaOptions = OptionValues<typeof schemaOptions>;
/** Where the service is: the options that plan, apply and destroy share. */
export type ConnectionOptions = OptionValues<typeof connectionOptions>;
/** Which spec: the options that all commands share that read one. */
export type SpecOptions = OptionValues<typeof specOptions>;
/** Which of the changes are planned. */
export type SelectionOptions = OptionValues<typeof selectionOptions>;
/** The service named on the command line. */
export type ServiceOptions = OptionValues<typeof serviceOptions>;
