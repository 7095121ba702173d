import { ApiExtraModels, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { CHOICE_REASONS, type ChoiceReason, type MetricChoiceView } from '#libs/read';
import { SourceAnswer } from '../data-sources/source.dto.js';
import { Shown } from '../http/shown.js';

export class MetricChoiceAnswer implements MetricChoiceView {
  @Shown.object(() => SourceAnswer)
  source!: SourceAnswer;

  @Shown.oneOf(CHOICE_REASONS)
  reason!: ChoiceReason;

  @Shown.int({ description: 'Sources that had the metric that day' })
  candidates!: number;
}

/** A map from metric to the source that won it; present only with `explain=true`. */
export function Explanation(): PropertyDecorator {
  return (target, key) => {
    ApiExtraModels(MetricChoiceAnswer)(target.constructor);
    ApiPropertyOptional({
      type: 'object',
      additionalProperties: { $ref: getSchemaPath(MetricChoiceAnswer) },
      description: 'Only with explain=true: which source won each metric, and why',
    })(target, key);
  };
}
