// Exporters: the Program in the languages of other tools. The header of each export says how to run it.

export { autLines, dotLines, type ExpandedStates, stateLines, statesMaxForPeople } from './graph_formats.js';
export { exportMurphi } from './murphi/murphi.js';
export { exportSymmetricMurphi } from './murphi/symmetric/murphi_symmetric.js';
export { programJson } from './program_json.js';
export { exportPromela } from './promela/promela.js';
export { ExportError, refuseBounded } from './refusals.js';
export type { NumberSetting } from './tlaplus/constants.js';
export { exportTla, exportTlaWithConstants, type TlaModule } from './tlaplus/tlaplus.js';
