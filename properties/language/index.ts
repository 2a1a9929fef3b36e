// The property language: the only door to this folder.

export { always, never, type Properties, type PropertyNode, sometimes } from './property.js';
