const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;

/** `512 B`, `1.50 KB`: steps of 1024, two decimals from KB on. */
export function prettyBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(2)} ${UNITS[unit]}`;
}
