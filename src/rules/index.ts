import { imageInCatalogue } from './image-in-catalogue.ts';
import { noHealthCheck } from './no-health-check.ts';
import { placeholderInManifest } from './placeholder-in-manifest.ts';
import type { Rule } from './rule.ts';
import { secretInPlainText } from './secret-in-plain-text.ts';
import { usesNeedsEdge } from './uses-needs-edge.ts';

/** Every rule, in the order of their notes. */
export const rules = [
  imageInCatalogue,
  usesNeedsEdge,
  secretInPlainText,
  placeholderInManifest,
  noHealthCheck,
] as const satisfies readonly Rule[];
