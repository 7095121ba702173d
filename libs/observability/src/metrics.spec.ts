import { describe, expect, it } from '@jest/globals';
import { counter, gauge, histogram, metricsRegistry, startProcessMetrics } from './metrics.js';

describe('metrics', () => {
  it('gives the same metric for the same name', async () => {
    counter({ name: 'things_total', help: 'Things', labels: ['kind'] }).inc({ kind: 'a' });
    counter({ name: 'things_total', help: 'Things', labels: ['kind'] }).inc({ kind: 'a' });
    expect(await metricsRegistry.metrics()).toContain('things_total{kind="a"} 2');
  });

  it('measures durations in the buckets asked for', async () => {
    histogram({ name: 'work_seconds', help: 'Work', buckets: [1, 2] }).observe(1.5);
    expect(histogram({ name: 'work_seconds', help: 'Work', buckets: [1, 2] })).toBeDefined();
    const text = await metricsRegistry.metrics();
    expect(text).toContain('work_seconds_bucket{le="1"} 0');
    expect(text).toContain('work_seconds_bucket{le="2"} 1');
  });

  it('asks a gauge when somebody looks', async () => {
    let value = 1;
    const description = {
      name: 'depth',
      help: 'Depth',
      collect: (depth: { set(n: number): void }) => depth.set(value),
    };
    expect(gauge(description)).toBe(gauge(description));
    expect(await metricsRegistry.metrics()).toContain('depth 1');
    value = 2;
    expect(await metricsRegistry.metrics()).toContain('depth 2');
  });

  it('measures the process once', async () => {
    startProcessMetrics();
    startProcessMetrics();
    expect(await metricsRegistry.metrics()).toContain('process_cpu_seconds_total');
  });
});
