// raceproof verify FILE MODEL, where FILE has views: is its program for any number the model's? Then certificate/views.js
// closes the views again.

import { schemaFor } from '../../checker/by_views.js';
import { resolveSettings } from '../../checker/index.js';
import { CertificateRefused, Misfit, UsageError } from '../errors.js';
import type { LoadedModel } from '../load/model.js';
import { print } from '../output/terminal.js';
import { schemaText } from '../output/views_certificate.js';
import { packageUrl } from '../package.js';
import type { Stop } from '../stop.js';

/** What certificate/views.js offers. */
interface ViewsVerifier {
  readonly ViewsRefused: new () => Error;
  verifyViews(certificate: string): CertifiedViews;
}

interface CertifiedViews {
  readonly sizes: readonly string[];
  readonly k: number;
  readonly views: number;
  readonly holds: readonly string[];
}

/** Prints what is certified. Throws a Misfit for another program, a CertificateRefused. */
export async function verifyViewsOf(
  file: string,
  certificate: string,
  loaded: LoadedModel,
  {
    set,
    without,
  }: {
    readonly set: { readonly [name: string]: unknown };
    readonly without: Parameters<LoadedModel['lower']>[1];
  },
  stop: Stop,
): Promise<void> {
  const { model, properties } = loaded;
  const claimed = headOf(file, certificate);
  if (claimed.model !== model.name)
    throw new Misfit(`${file} does not fit: it is about ${claimed.model}, not about ${model.name}`);
  const unknown = claimed.for.find((name) => !Object.hasOwn(model.settings, name));
  if (unknown !== undefined)
    throw new Misfit(`${file} does not fit: ${model.name} has no setting ${unknown}`);
  const settings = resolveSettings(model, set);
  const { schema } = stop.run(`${model.name} was compared for several numbers`, () =>
    schemaFor({
      model,
      properties,
      settings,
      sizes: claimed.for,
      lower: (given) => loaded.lower(given, without),
    }),
  );
  if (JSON.stringify(claimed.schema) !== schemaText(schema)) {
    throw new Misfit(
      `${file} does not fit: ${model.name}, its settings or its properties are not those of the certificate`,
    );
  }
  const verifier: ViewsVerifier = await import(`${packageUrl}certificate/views.js`);
  stop.listen();
  const certified = stop.run('the certificate was checked', () => {
    try {
      return verifier.verifyViews(certificate);
    } catch (error) {
      if (error instanceof verifier.ViewsRefused)
        throw new CertificateRefused(`${file} is refused: ${error.message}`);
      throw error;
    }
  });
  await print(certifiedText(model.name, certified));
}

interface ViewsHead {
  readonly model: string;
  readonly for: readonly string[];
  readonly schema: unknown;
}

/** Throws a UsageError for what is damaged. */
function headOf(file: string, certificate: string): ViewsHead {
  try {
    const head = JSON.parse(certificate);
    if (typeof head.model === 'string' && Array.isArray(head.for) && Array.isArray(head.views)) return head;
    throw new SyntaxError('something is missing');
  } catch (error) {
    throw new UsageError(
      `${file} is no certificate: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

const certifiedText = (model: string, { sizes, k, views, holds }: CertifiedViews): string =>
  [
    `${model}: certified for any ${sizes.join(' and ')}: ${views} views of ${k}, closed under every step`,
    ...holds.map((name) => `  holds        ${name}`),
    '',
  ].join('\n');
