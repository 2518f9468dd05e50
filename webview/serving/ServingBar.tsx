import * as l10n from '@vscode/l10n'
import { useId, useState } from 'preact/hooks'
import type { ServedEndpoint, ServedSession } from '../../src/shared/protocol/served.ts'
import { shortTransport } from '../format/connection.ts'
import { clientCount, formatBytes, formatCount, noteCount } from '../format/count.ts'
import { usePage } from '../state/page.ts'
import { Chip, IconButton, LinkButton } from '../ui/buttons.tsx'
import { Icon } from '../ui/Icon.tsx'
import { CopyButton } from './CopyButton.tsx'

/** URLs that are always shown. */
const MOST_URLS = 3

/** The sessions that are served: their URLs and clients, and what clients sent or requested that was not recorded. */
export function ServingBar() {
  const { served } = usePage()
  if (served.value.length === 0) return null
  return (
    <section class="serving" aria-label={l10n.t('Served sessions')}>
      <ul>
        {served.value.map((each) => (
          <Served key={each.id} served={each} />
        ))}
      </ul>
    </section>
  )
}

function Served({ served }: { served: ServedSession }) {
  const page = usePage()
  const { id, name, endpoints, clients, how } = served
  const [areAllShown, showAll] = useState(false)
  const [areProblemsShown, showProblems] = useState(false)
  const [isReceivedShown, showReceived] = useState(false)
  const details = useId()
  const shown = areAllShown ? endpoints : endpoints.slice(0, MOST_URLS)
  const problemCount = served.notes.length + served.troubleCount
  const call = (method: 'stopServing' | 'servingOptions') => void page.call(method, { id }, 0)
  return (
    <li>
      <div class="served">
        <span class="served-name">
          <span class={`state tone-${clients > 0 ? 'ok' : 'quiet'}`}>
            <Icon name="broadcast" />
          </span>
          <span class="served-verb">{l10n.t('Serving')}</span>
          <b class="clip" title={`${name}, ${how}`}>
            {name}
          </b>
          <span class="dim served-how">{how}</span>
        </span>
        <ul class="served-urls" aria-label={l10n.t('URLs of {0}', name)}>
          {shown.map((endpoint) => (
            <Endpoint key={endpoint.connection} endpoint={endpoint} />
          ))}
          {endpoints.length > MOST_URLS && (
            <li>
              <LinkButton aria-expanded={areAllShown} onClick={() => showAll(!areAllShown)}>
                {areAllShown ? l10n.t('fewer') : l10n.t('{0} more', endpoints.length - MOST_URLS)}
              </LinkButton>
            </li>
          )}
        </ul>
        <span class="served-actions">
          <span
            class="tabular dim"
            title={l10n.t('{0} since the server was started', formatCount(served.ever))}
          >
            {clientCount(clients)}
          </span>
          {served.receivedCount > 0 && (
            <Chip
              aria-expanded={isReceivedShown}
              aria-controls={isReceivedShown ? `${details}-received` : undefined}
              onClick={() => showReceived(!isReceivedShown)}
            >
              {l10n.t('{0} received', formatCount(served.receivedCount))}
              <Icon name={isReceivedShown ? 'chevron-up' : 'chevron-down'} />
            </Chip>
          )}
          {problemCount > 0 && (
            <Chip
              class={served.troubleCount > 0 ? 'tone-warn served-problems' : ''}
              aria-expanded={areProblemsShown}
              aria-controls={areProblemsShown ? details : undefined}
              onClick={() => showProblems(!areProblemsShown)}
            >
              <Icon name={served.troubleCount > 0 ? 'warning' : 'info'} />
              {served.troubleCount > 0
                ? l10n.t('{0} unmatched', formatCount(served.troubleCount))
                : noteCount(served.notes.length)}
              <Icon name={areProblemsShown ? 'chevron-up' : 'chevron-down'} />
            </Chip>
          )}
          <IconButton
            icon="settings-gear"
            name={l10n.t('How {0} is served…', name)}
            onClick={() => call('servingOptions')}
          />
          <IconButton
            icon="debug-stop"
            name={l10n.t('Stop serving {0}', name)}
            onClick={() => call('stopServing')}
          />
        </span>
      </div>
      {isReceivedShown && <Received id={`${details}-received`} served={served} />}
      {areProblemsShown && problemCount > 0 && <Problems id={details} served={served} />}
    </li>
  )
}

function Endpoint({ endpoint: { url, transport } }: { endpoint: ServedEndpoint }) {
  return (
    <li class="served-url">
      <span class="dim">{shortTransport(transport)}</span>
      <span class="mono clip" title={url}>
        {url}
      </span>
      <CopyButton text={url} name={l10n.t('Copy {0}', url)} />
    </li>
  )
}

/** The latest messages of clients, newest first. */
function Received({ id, served }: { id: string; served: ServedSession }) {
  return (
    <ul class="served-details" id={id} aria-label={l10n.t('What clients sent to {0}', served.name)}>
      {served.received.toReversed().map(({ client, size, text, matched }, at) => (
        <li key={served.receivedCount - at}>
          <span class="dim tabular">
            {l10n.t('client {0}', formatCount(client))} · {formatBytes(size)}
            {matched === false && ` · ${l10n.t('not recorded')}`}
          </span>{' '}
          <span class="mono">{text ?? l10n.t('binary')}</span>
        </li>
      ))}
    </ul>
  )
}

/** What clients asked for or sent that the recording does not have, newest first, and what is not served. */
function Problems({ id, served }: { id: string; served: ServedSession }) {
  return (
    <ul class="served-details" id={id} aria-label={l10n.t('What did not match {0}', served.name)}>
      {served.troubles.toReversed().map(({ text, count }) => (
        <li key={text}>
          {text}
          {count > 1 && <span class="dim tabular">{` ×${formatCount(count)}`}</span>}
        </li>
      ))}
      {served.notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  )
}
