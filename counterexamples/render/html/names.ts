// Names and texts as HTML in which a browser may break lines at dots, and elsewhere only at spaces.

import { escapeHtml } from './escape.js';

/** `zap_huge_pmd.<wbr>clear_pmd`. */
export const breakable = (text: string): string => escapeHtml(text).replace(/\.(?=[A-Za-z_])/g, '.<wbr>');

/** A heading, whose large letters leave less room: also behind a parenthesis that opens, `VM_BUG_ON_PAGE(<wbr>page, …)`. */
export const breakableHeading = (text: string): string =>
  breakable(text).replace(/\((?=[A-Za-z_!])/g, '(<wbr>');
