import { counter } from '#libs/observability';

/** What was imported, for /metrics. */
export const importMetrics = {
  finished: counter({
    name: 'file_imports_finished_total',
    help: 'Imported files, by how they ended',
    labels: ['state'],
  }),
  elements: counter({ name: 'file_import_elements_total', help: 'Elements of files that were stored or passed over' }),
};
