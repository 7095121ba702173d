import { utcMidnight } from '#libs/model';
import type { Attributes } from './export-elements.js';

/** What an export says of the person. Null: not said. */
export interface PersonalFacts {
  /** `YYYY-MM-DD` */
  readonly birthDate: string | null;
  readonly sex: 'male' | 'female' | 'other' | null;
}

const PREFIX = 'HKCharacteristicTypeIdentifier';
const SEXES = { HKBiologicalSexMale: 'male', HKBiologicalSexFemale: 'female', HKBiologicalSexOther: 'other' } as const;

export function personalFacts(me: Attributes): PersonalFacts {
  const born = /^(\d{4})-(\d{2})-(\d{2})$/.exec(me[`${PREFIX}DateOfBirth`] ?? '');
  const isDate = born !== null && utcMidnight(Number(born[1]), Number(born[2]), Number(born[3])) !== null;
  const sex = me[`${PREFIX}BiologicalSex`] ?? '';
  return {
    birthDate: isDate ? born[0] : null,
    sex: Object.hasOwn(SEXES, sex) ? SEXES[sex as keyof typeof SEXES] : null,
  };
}
