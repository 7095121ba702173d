import type { MetaCoverage } from '#libs/model';
import { Shown } from '../http/shown.js';

class CoveredField {
  @Shown.text()
  code!: string;

  @Shown.listOf('string')
  providers!: string[];
}

class CoveredMetric extends CoveredField {
  @Shown.text()
  unit!: string;
}

class CoveredCategory {
  @Shown.text()
  name!: string;

  @Shown.list(() => CoveredMetric)
  metrics!: CoveredMetric[];
}

/** What can be stored, and which providers deliver it. */
export class CoverageAnswer {
  @Shown.listOf('string')
  providers!: MetaCoverage['providers'];

  @Shown.list(() => CoveredCategory)
  timeseries!: MetaCoverage['timeseries'];

  @Shown.list(() => CoveredField)
  workout_fields!: MetaCoverage['workout_fields'];

  @Shown.list(() => CoveredField)
  sleep_fields!: MetaCoverage['sleep_fields'];

  @Shown.list(() => CoveredField)
  menstrual_cycle_fields!: MetaCoverage['menstrual_cycle_fields'];

  @Shown.list(() => CoveredField)
  health_scores!: MetaCoverage['health_scores'];
}
