// Certificates of runs that have seen all states.

export { certificateText } from './certificate.js';
