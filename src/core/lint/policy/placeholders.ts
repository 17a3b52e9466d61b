/**
 * Values that something replaces before the service reads them: its own named values `{{name}}`, and what deployment tools
 * fill in. A check of literals must let them pass. Lengths are limited so that no text takes long.
 */
const forms: readonly RegExp[] = [
  /\{\{[^{}]{0,200}\}\}/, // named value; also of Jinja, Helm and Mustache
  /\$\{[^}]{0,200}\}/, // Terraform, Bicep, shell
  /#[A-Za-z_][A-Za-z0-9_.-]{0,100}#/,
  /#\{[^}]{0,200}\}/, // Azure DevOps, Octopus
  /\$\([^)]{0,200}\)/, // Azure Pipelines
  /\$\[[^\]]{0,200}\]/,
  /%\{[^}]{0,200}\}/, // Terraform directives
  /%%[^%\s]{1,100}%%|%[A-Za-z][A-Za-z0-9_]{0,100}%/, // cmd
  /@@[^@\s]{1,100}@@/,
  /\[\[[^[\]]{0,200}\]\]/,
  /__[^\s_](?:[^\s]{0,100}?[^\s_])?__/, // replacetokens
  /\{[A-Za-z0-9_.:-]{0,100}\}/, // .NET and Python formats
  /<%.{0,200}%>/s,
  /<\/?[A-Za-z][A-Za-z0-9_. -]{0,100}>/, // <TOKEN>
  /^\s*\$[A-Za-z_][A-Za-z0-9_]*\$?\s*$/, // PowerShell
];

const bareWord = /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/;

/** Whether a value or text holds a placeholder, so that what the service will read is not known; `TOKEN_IN_CAPITALS` is one. */
export function hasPlaceholder(text: string): boolean {
  return bareWord.test(text) || hasMarkedPlaceholder(text);
}

/** The same without the placeholders that are nothing but a word in capitals. */
export function hasMarkedPlaceholder(text: string): boolean {
  return forms.some((form) => form.test(text));
}
