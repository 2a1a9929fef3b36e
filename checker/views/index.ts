// Proofs for any number of members, by views.

export { type BadView, type Closed, closed, needsOf } from './close.js';
export { type Configuration, keyOf } from './configuration.js';
export { badOf, schemaOf } from './generalize.js';
export { requireSameStates } from './instance.js';
export { Membership } from './membership.js';
export { NotUniform, type Schema } from './schema.js';
export { generalized, requireInstance } from './sizes.js';
export { requireUniform } from './uniform.js';
