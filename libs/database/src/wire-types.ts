import pg from 'pg';

const { builtins } = pg.types;
const asNumber = (text: string): number => Number(text);

/** `2031-05-02 06:07:08.00012+00` as PostgreSQL prints it in UTC to the wire form with six or no fraction digits. */
export function wireTimestamp(text: string): string {
  const [date, time = ''] = text.split(' ');
  const [clock = '', fraction] = time.replace(/\+00$/, '').split('.');
  return fraction === undefined ? `${date}T${clock}Z` : `${date}T${clock}.${fraction.padEnd(6, '0')}Z`;
}

const parsers = new Map<number, (text: string) => unknown>([
  [builtins.TIMESTAMPTZ, wireTimestamp],
  [builtins.DATE, (text) => text],
  [builtins.INT8, asNumber],
  [builtins.NUMERIC, asNumber],
]);

const driverParser = pg.types.getTypeParser as (oid: number, format?: string) => (text: string) => unknown;

/** Type parsers for hand-written SQL; everything not named here keeps the driver's own. */
export const wireTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: string) => parsers.get(oid) ?? driverParser(oid, format),
};
