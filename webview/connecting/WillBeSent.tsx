import * as l10n from '@vscode/l10n'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import { usePage } from '../state/page.ts'
import { requestLines } from '../state/request-preview.ts'

interface WillBeSentProps {
  readonly spec: ConnectionSpec
  readonly remember: boolean
  readonly hasCertificates: boolean
}

/** The request as text without secrets, and what is kept of it. */
export function WillBeSent({ spec, remember, hasCertificates }: WillBeSentProps) {
  const lines = requestLines(spec)
  const { openedFrom } = usePage().context.value
  return (
    <aside class="will-be-sent" aria-label={l10n.t('What will be sent')}>
      <h2>{l10n.t('What will be sent')}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls */}
      <pre class="mono" tabIndex={0}>
        {lines.length === 0 ? l10n.t('Enter a URL.') : lines.join('\n')}
      </pre>
      {spec.asBrowser === true && lines.length > 0 && (
        <p class="dim">{l10n.t('The headers of a browser are added.')}</p>
      )}
      {spec.protocol !== undefined && lines.length > 0 && (
        <p class="dim">{l10n.t('{0} adds what its handshake needs.', spec.protocol)}</p>
      )}
      {openedFrom !== undefined && (
        <p class="dim">
          {l10n.t('It is sent from the remote host ({0}), which is also what localhost means.', openedFrom)}
        </p>
      )}
      <h2>{l10n.t('What is kept')}</h2>
      <p class="dim">
        {remember
          ? l10n.t(
              'Recent connections keep this without its secrets. The secrets are in the editor’s secret storage, and are not asked for again.',
            )
          : l10n.t('Recent connections keep this without its secrets. You are asked for them again.')}
        {hasCertificates && ` ${l10n.t('Certificates and keys are not kept.')}`}
      </p>
    </aside>
  )
}
