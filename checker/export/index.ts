// Exporters: the same Program for tools that others wrote. Each says in its header how to run what it makes.

export { exportAut, exportDot } from './graph_formats.js';
export { exportMurphi } from './murphi/murphi.js';
export { exportSymmetricMurphi } from './murphi/symmetric/murphi_symmetric.js';
export { programJson } from './program_json.js';
export { exportPromela } from './promela/promela.js';
export { ExportError } from './refusals.js';
export type { NumberSetting } from './tlaplus/constants.js';
export { exportTla, exportTlaWithConstants, type TlaModule } from './tlaplus/tlaplus.js';
