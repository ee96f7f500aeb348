/** `GET /job/stat/N`: how long successful runs took, in ms. The history of single tasks needs Cassandra. */
export function showStatistics(durations: readonly number[]): unknown {
  const sorted = [...durations].sort((one, other) => one - other);
  const percentile = (share: number): number => {
    const index = Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1);
    return sorted[Math.max(0, index)] ?? 0;
  };
  const sum = sorted.reduce((total, one) => total + one, 0);
  return {
    histogram: {
      '75thPercentile': percentile(0.75),
      '95thPercentile': percentile(0.95),
      '98thPercentile': percentile(0.98),
      '99thPercentile': percentile(0.99),
      median: percentile(0.5),
      mean: sorted.length > 0 ? sum / sorted.length : 0,
      count: sorted.length,
    },
    taskStatHistory: [],
  };
}
