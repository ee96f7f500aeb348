/** See `Platform.notes`. */
export const notes: Readonly<Record<string, string>> = {
  'job-not-stored':
    'One-off tasks such as migrations exist from their run on. Before there is nothing to see or to compare in the home.',
  'route-by-edge':
    'Nothing on this machine serves host names. The app is reached at its address on the edge; its routes are kept for other homes.',
};
