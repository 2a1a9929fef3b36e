// The package's main export: the checker, and the exporters, which the command line loads only to export.

export * from './export/index.js';
export * from './index.js';
