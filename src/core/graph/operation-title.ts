/** What stands in bold on a node of operations: their ids, as far as they are few. */
const mostNames = 6;

export type TitleOptions = { readonly isDenied: boolean; readonly namesAll: boolean };

/** A line each; operations that are denied are only counted, unless every name is wanted. */
export function operationTitle(
  operations: readonly string[],
  { isDenied, namesAll }: TitleOptions,
): readonly string[] {
  const count = operations.length === 1 ? "1 operation" : `${operations.length} operations`;
  const [only] = operations;
  const stands = only !== undefined && operations.length === 1 && only.includes(" ");
  if (stands) return isDenied ? [`${only} denied`] : [only];
  if (isDenied) return [`${count} denied`, ...(namesAll ? operations : [])];
  if (namesAll || operations.length <= mostNames) return operations;
  const shown = operations.slice(0, mostNames - 1);
  return [...shown, `and ${operations.length - shown.length} more`];
}
