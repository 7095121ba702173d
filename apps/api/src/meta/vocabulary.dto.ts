import { DEVICE_TYPES, type Aggregation, type DeviceType } from '#libs/model';
import { Shown } from '../http/shown.js';

export class CodeAnswer {
  @Shown.text()
  code!: string;
}

export class SeriesTypeAnswer extends CodeAnswer {
  /** Never reused. */
  @Shown.int()
  id!: number;

  @Shown.text()
  unit!: string;

  @Shown.text()
  category!: string;

  @Shown.oneOf(['sum', 'avg', 'max'], { description: 'How samples of a day come together' })
  aggregation!: Aggregation;

  @Shown.listOf('number', { description: 'Smallest and largest plausible value; nothing is refused by it' })
  plausible_range!: number[];

  @Shown.text()
  description!: string;
}

export class WorkoutTypeAnswer extends CodeAnswer {
  @Shown.flag({ description: 'Whether a pace means something for it' })
  has_pace!: boolean;
}

export class DeviceAnswer {
  @Shown.text({ description: 'Product code' })
  model!: string;

  @Shown.text()
  name!: string;

  @Shown.oneOf(DEVICE_TYPES)
  device_type!: DeviceType;
}
