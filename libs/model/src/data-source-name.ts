/** Display name of a data source: provider, capitalised, and the device or, without one, the writer's own name. */
export function dataSourceName(
  provider: string,
  deviceModel: string | null,
  originalSourceName: string | null = null,
): string {
  const name = provider.charAt(0).toUpperCase() + provider.slice(1).toLowerCase();
  const detail = deviceModel || originalSourceName;
  return detail ? `${name} - ${detail}` : name;
}
