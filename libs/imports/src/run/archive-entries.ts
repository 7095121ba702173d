/** An archive of an export holds a file per workout route and per electrocardiogram. */
export const MOST_ENTRIES = 200_000;
/** Bit of an entry's flags. */
export const ENCRYPTED = 1;

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1).toLowerCase();

/** Phones name the export in their language; the other XML file is a clinical document. */
export const isExportName = (path: string): boolean => /\.xml$/.test(baseName(path)) && !baseName(path).includes('cda');
