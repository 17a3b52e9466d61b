import type { PolicyRule } from "../policy-rule.ts";
import { blockWithoutReturn } from "./block-without-return.ts";
import { bodyReadConsumes } from "./body-read-consumes.ts";
import { bodyReadWithoutGuard } from "./body-read-without-guard.ts";
import { castOfLiteralVariable } from "./cast-of-literal-variable.ts";
import { castToOtherType } from "./cast-to-other-type.ts";
import { characterLiteralTooLong } from "./character-literal-too-long.ts";
import { comparisonNeverHolds } from "./comparison-never-holds.ts";
import { conditionNotBoolean } from "./condition-not-boolean.ts";
import { contextAssignment } from "./context-assignment.ts";
import { contextPropertyCalled } from "./context-property-called.ts";
import { csharpTooNew } from "./csharp-too-new.ts";
import { dynamicValue } from "./dynamic-value.ts";
import { expressionNotAValue } from "./expression-not-a-value.ts";
import { expressionSyntax } from "./expression-syntax.ts";
import { expressionTooLong } from "./expression-too-long.ts";
import { memberNotAllowed } from "./member-not-allowed.ts";
import { nullDereferenceCertain } from "./null-dereference-certain.ts";
import { stringEscapeUnknown } from "./string-escape-unknown.ts";
import { typeMismatch } from "./type-mismatch.ts";
import { typeNotAllowed } from "./type-not-allowed.ts";
import { unknownContextMember } from "./unknown-context-member.ts";
import { unknownMember } from "./unknown-member.ts";
import { unknownName } from "./unknown-name.ts";
import { valueNeedsCast } from "./value-needs-cast.ts";
import { variableComparedByReference } from "./variable-compared-by-reference.ts";
import { variableDeclaredTwice } from "./variable-declared-twice.ts";
import { variableNeverSet } from "./variable-never-set.ts";
import { variableTypeNotAllowed } from "./variable-type-not-allowed.ts";
import { xmlCommentInExpression } from "./xml-comment-in-expression.ts";

/** Rules over the C# of policy expressions. Most need the grammar: see loadCSharpGrammar. */
export const expressionRules: readonly PolicyRule[] = [
  blockWithoutReturn,
  bodyReadConsumes,
  bodyReadWithoutGuard,
  castOfLiteralVariable,
  castToOtherType,
  characterLiteralTooLong,
  comparisonNeverHolds,
  conditionNotBoolean,
  contextAssignment,
  contextPropertyCalled,
  csharpTooNew,
  dynamicValue,
  expressionNotAValue,
  expressionSyntax,
  expressionTooLong,
  memberNotAllowed,
  nullDereferenceCertain,
  stringEscapeUnknown,
  typeMismatch,
  typeNotAllowed,
  unknownContextMember,
  unknownMember,
  unknownName,
  valueNeedsCast,
  variableComparedByReference,
  variableDeclaredTwice,
  variableNeverSet,
  variableTypeNotAllowed,
  xmlCommentInExpression,
];
