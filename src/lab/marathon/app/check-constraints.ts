import { type Violation, violation } from '../refusal.ts';

/** Constraints are `[field, operator]` or `[field, operator, value]`. */
export function checkConstraints(constraints: readonly (readonly string[])[]): readonly Violation[] {
  return constraints.flatMap((constraint) => {
    const fault = faultOf(constraint);
    return fault ? [violation('/constraints', fault)] : [];
  });
}

const operators = ['UNIQUE', 'CLUSTER', 'GROUP_BY', 'LIKE', 'MAX_PER', 'UNLIKE', 'IS'];

function faultOf(constraint: readonly string[]): string | undefined {
  if (constraint.length < 2 || constraint.length > 3) {
    return 'Each constraint must have either 2 or 3 fields';
  }
  const [, operator = '', value] = constraint;
  if (!operators.includes(operator)) {
    return 'operator must be one of the following UNIQUE, CLUSTER, GROUP_BY, LIKE, MAX_PER, UNLIKE or IS';
  }
  return faultOfValue(operator, value);
}

function faultOfValue(operator: string, value: string | undefined): string | undefined {
  switch (operator) {
    case 'UNIQUE':
      return value === undefined ? undefined : 'Value specified but not used';
    case 'CLUSTER':
    case 'IS':
      return value === undefined ? 'Missing value' : undefined;
    case 'GROUP_BY':
      return value === undefined || isInteger(value) ? undefined : 'Value was specified but is not a number';
    case 'MAX_PER':
      return isInteger(value) ? undefined : 'Value was not specified or is not a number';
    default:
      return faultOfPattern(value);
  }
}

function faultOfPattern(value: string | undefined): string | undefined {
  if (value === undefined) return 'A regular expression value must be provided';
  try {
    new RegExp(value);
    return undefined;
  } catch {
    return `'${value}' is not a valid regular expression`;
  }
}

function isInteger(value: string | undefined): boolean {
  return value !== undefined && /^[+-]?\d{1,9}$/.test(value);
}
