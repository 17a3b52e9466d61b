/** Templates as HCL values. */
import type { Template } from "../template.ts";
import { hclExpression, hclPlain, hclText } from "./hcl.ts";
import type { Hcl } from "./hcl.ts";

/** What a value refers to by name. */
export type TerraformNames = {
  readonly parameter: (parameter: Extract<Template, { type: "parameter" }>["parameter"]) => string;
  /** The value that is the id of a resource of the service, by its path. */
  readonly resourceId: (path: string) => Hcl;
};

export function hclValue(template: Template, names: TerraformNames): Hcl {
  switch (template.type) {
    case "value":
      return typeof template.value === "string" ? hclText(template.value) : hclPlain(template.value);
    case "list":
      return { type: "list", items: template.items.map((item) => hclValue(item, names)) };
    case "object":
      return {
        type: "object",
        members: template.members.map(([key, member]) => [key, hclValue(member, names)]),
      };
    case "file":
      return hclExpression(`file(${pathInModule(template.file.path)})`);
    case "parameter":
      return hclExpression(`var.${names.parameter(template.parameter)}`);
    case "resourceId":
      return names.resourceId(template.path);
  }
}

/** A path in quotes; ids have no quotes, backslashes or dollar signs, but file names are made of them, so they are escaped all the same. */
function pathInModule(path: string): string {
  const escaped = path
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replace(/([$%])\{/g, "$1$1{");
  return `"\${path.module}/${escaped}"`;
}
