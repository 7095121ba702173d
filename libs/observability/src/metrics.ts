import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Everything this process measures; `await metricsRegistry.metrics()` is the body of `/metrics`. */
export const metricsRegistry = new Registry();

interface Description<L extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly L[];
}

/** The counter of that name, made at the first call. */
export function counter<L extends string = never>({ name, help, labels = [] }: Description<L>): Counter<L> {
  return existing<Counter<L>>(name) ?? new Counter<L>({ name, help, labelNames: labels, registers: [metricsRegistry] });
}

/** The histogram of that name, made at the first call. `buckets`: upper bounds, in the unit that the name ends with. */
export function histogram<L extends string = never>(
  description: Description<L> & { readonly buckets: readonly number[] },
): Histogram<L> {
  const { name, help, labels = [], buckets } = description;
  const made = (): Histogram<L> =>
    new Histogram<L>({ name, help, labelNames: labels, buckets: [...buckets], registers: [metricsRegistry] });
  return existing<Histogram<L>>(name) ?? made();
}

/** Who sets a gauge when somebody asks, by the gauge's name. */
const collectors = new Map<string, () => void | Promise<void>>();

/** The gauge of that name, made at the first call. The last caller's `collect` sets it when somebody asks. */
export function gauge<L extends string = never>(
  description: Description<L> & { readonly collect?: (gauge: Gauge<L>) => void | Promise<void> },
): Gauge<L> {
  const { name, help, labels = [], collect } = description;
  const made =
    existing<Gauge<L>>(name) ??
    new Gauge<L>({
      name,
      help,
      labelNames: labels,
      registers: [metricsRegistry],
      collect: () => collectors.get(name)?.(),
    });
  if (collect) collectors.set(name, () => collect(made));
  return made;
}

/** Memory, processor time, event loop and garbage collection of this process. Safe to call again. */
export function startProcessMetrics(): void {
  if (!existing('process_cpu_seconds_total')) collectDefaultMetrics({ register: metricsRegistry });
}

const existing = <T>(name: string): T | undefined => metricsRegistry.getSingleMetric(name) as T | undefined;
