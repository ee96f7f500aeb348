/** What a syntax tree uses. */
export interface Inspection {
  readonly names: readonly string[];
  readonly bounded: boolean;
}

/** Walks a Jinja syntax tree. Identifiers that name attributes, filters, tests or arguments are no variables. */
export function inspect(body: readonly unknown[]): Inspection {
  const found = { names: new Set<string>(), bounded: true };
  for (const node of body) visit(node, found);
  return { names: [...found.names], bounded: found.bounded };
}

interface Found {
  readonly names: Set<string>;
  bounded: boolean;
}

type Node = Readonly<Record<string, unknown>>;

function visit(node: unknown, found: Found): void {
  if (Array.isArray(node)) for (const item of node) visit(item, found);
  else if (node instanceof Map) for (const entry of node) visit(entry, found);
  else if (typeof node === 'object' && node !== null) visitNode(node as Node, found);
}

function visitNode(node: Node, found: Found): void {
  switch (node['type']) {
    case 'Identifier':
      found.names.add(String(node['value']));
      return;
    case 'MemberExpression':
      visit(node['object'], found);
      if (node['computed']) visit(node['property'], found);
      return;
    case 'FilterExpression':
      found.bounded = false;
      visit(node['operand'], found);
      visit((node['filter'] as Node)['args'], found);
      return;
    case 'TestExpression':
      visit(node['operand'], found);
      return;
    case 'KeywordArgumentExpression':
      visit(node['value'], found);
      return;
    case 'CallExpression':
      found.bounded = false;
      break;
    default:
  }
  for (const [key, value] of Object.entries(node)) if (key !== 'operator') visit(value, found);
}
