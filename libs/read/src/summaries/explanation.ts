import { sourceView, type SourceView } from '../source/source-view.js';
import type { RankedSource } from './ranked-sources.js';
import type { Choice, ChoiceReason } from './source-choice.js';

/** Which source won a metric, by which rule, out of how many that had it. */
export interface MetricChoiceView {
  readonly source: SourceView;
  readonly reason: ChoiceReason;
  readonly candidates: number;
}

export type ExplanationView = Readonly<Record<string, MetricChoiceView>>;

export const rankedSourceView = (source: RankedSource): SourceView =>
  sourceView({
    provider: source.provider,
    source: source.source,
    device_model: source.deviceModel,
    device_type: source.deviceType,
  });

export const explanationView = (choices: Readonly<Record<string, Choice>>): ExplanationView =>
  Object.fromEntries(
    Object.entries(choices).map(([metric, { source, reason, candidates }]) => [
      metric,
      { source: rankedSourceView(source), reason, candidates },
    ]),
  );
