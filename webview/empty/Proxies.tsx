import * as l10n from '@vscode/l10n'
import type { ProxyStatus } from '../../src/shared/protocol/traffic.ts'
import { proxyUrl } from '../../src/shared/proxy-url.ts'
import { CopyButton } from '../serving/CopyButton.tsx'
import { usePage } from '../state/page.ts'
import { LinkButton } from '../ui/buttons.tsx'
import { Icon } from '../ui/Icon.tsx'

/** The recording proxies that wait for traffic, with what to do next. */
export function WaitingProxies() {
  const { proxies = [] } = usePage().session.status.value ?? {}
  if (proxies.length === 0) return null
  return (
    <section class="proxies" aria-label={l10n.t('Recording Proxies')}>
      {proxies.map((proxy) => (
        <WaitingProxy key={proxy.id} {...proxy} />
      ))}
    </section>
  )
}

function WaitingProxy(proxy: ProxyStatus) {
  const url = proxyUrl(proxy)
  return (
    <p>
      <Icon name="arrow-swap" />
      <b>{url}</b>
      <CopyButton text={url} name={l10n.t('Copy {0}', url)} />
      <span class="dim">
        {proxy.target === undefined
          ? l10n.t('Waits for a program whose HTTP_PROXY is this URL.')
          : l10n.t(
              'Waits for traffic to {0}. Use this URL in its place, for example in the browser.',
              proxy.target,
            )}
      </span>
    </p>
  )
}

/** Starts a proxy, for traffic that is not ours. */
export function StartProxy() {
  const page = usePage()
  return (
    <p>
      <Icon name="arrow-swap" />
      <LinkButton onClick={() => void page.call('startProxy', null, 0)}>
        {l10n.t('Record your own app…')}
      </LinkButton>
      <span class="dim">
        {l10n.t('A proxy between the app and its server shows what they say to each other')}
      </span>
    </p>
  )
}
