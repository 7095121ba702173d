import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import {
  PROVIDER_CODES,
  SCORE_CATEGORIES,
  type ProviderCode,
  type QueryInstant,
  type ScoreCategory,
} from '#libs/model';
import type { HealthScoreQuery, HealthScoreView, ScoreComponentView } from '#libs/read';
import { PagedOf } from '../http/page.js';
import { Shown } from '../http/shown.js';
import { WireEnum, WireInstant, WireInt } from '../http/wire/wire.js';

export class HealthScoreParameters {
  @WireInstant({ optional: true, blankIsAbsent: true, description: 'First instant of the range' })
  startDate?: QueryInstant;

  @WireInstant({ optional: true, blankIsAbsent: true, description: 'First instant after the range' })
  endDate?: QueryInstant;

  @WireEnum(SCORE_CATEGORIES, { optional: true })
  category?: ScoreCategory;

  @WireEnum(PROVIDER_CODES, { optional: true, description: 'internal: computed by the platform' })
  provider?: ProviderCode;

  @WireInt({ min: 1, max: 1000, default: 50 })
  limit!: number;

  @WireInt({ min: 0, default: 0 })
  offset!: number;
}

export const healthScoreQuery = (parameters: HealthScoreParameters): HealthScoreQuery => ({
  start: parameters.startDate ?? null,
  end: parameters.endDate ?? null,
  category: parameters.category ?? null,
  provider: parameters.provider ?? null,
  limit: parameters.limit,
  offset: parameters.offset,
});

export class ScoreComponentAnswer implements ScoreComponentView {
  @Shown.number({ nullable: true })
  value!: number | null;

  @Shown.text({ nullable: true })
  qualifier!: string | null;
}

@ApiExtraModels(ScoreComponentAnswer)
export class HealthScoreAnswer implements HealthScoreView {
  @Shown.text({ description: `One of ${SCORE_CATEGORIES.join(', ')}` })
  category!: string;

  @Shown.number({ nullable: true, description: 'On the scale of its provider and category' })
  value!: number | null;

  @Shown.text({ nullable: true })
  qualifier!: string | null;

  @Shown.timestamp()
  recorded_at!: string;

  @Shown.text({ nullable: true })
  zone_offset!: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(ScoreComponentAnswer) },
    nullable: true,
    description: 'What the score is made of, by name',
  })
  components!: Record<string, ScoreComponentAnswer> | null;

  @Shown.uuid()
  id!: string;

  @Shown.uuid({ nullable: true })
  data_source_id!: string | null;

  @Shown.oneOf(PROVIDER_CODES, { nullable: true })
  provider!: ProviderCode | null;
}

export class HealthScorePageAnswer extends PagedOf(HealthScoreAnswer) {}
