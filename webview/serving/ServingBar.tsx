import { useId, useState } from 'preact/hooks'
import type { ServedEndpoint, ServedSession } from '../../src/shared/protocol/served.ts'
import { shortTransport } from '../format/connection.ts'
import { formatCount, plural } from '../format/count.ts'
import { usePage } from '../state/page.ts'
import { Icon, IconButton } from '../ui/Icon.tsx'
import { CopyButton } from './CopyButton.tsx'

/** URLs that are always shown. */
const MOST_URLS = 3

/** The sessions that are served: their URLs and clients, and what the clients asked for in vain. */
export function ServingBar() {
  const { served } = usePage()
  if (served.value.length === 0) return null
  return (
    <section class="serving" aria-label="Served sessions">
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
  const [isTold, tell] = useState(false)
  const details = useId()
  const shown = areAllShown ? endpoints : endpoints.slice(0, MOST_URLS)
  const problemCount = served.notes.length + served.troubleCount
  const call = (method: 'stopServing' | 'servingOptions') =>
    void page.attempt(page.host.call(method, { id }, 0))
  return (
    <li>
      <div class="served">
        <span class="served-name">
          <span class={`state tone-${clients > 0 ? 'ok' : 'quiet'}`}>
            <Icon name="broadcast" />
          </span>
          <span class="served-verb">Serving</span>
          <b class="clip" title={`${name}, ${how}`}>
            {name}
          </b>
          <span class="dim served-how">{how}</span>
        </span>
        <ul class="served-urls" aria-label={`URLs of ${name}`}>
          {shown.map((endpoint) => (
            <Endpoint key={endpoint.connection} endpoint={endpoint} />
          ))}
          {endpoints.length > MOST_URLS && (
            <li>
              <button
                type="button"
                class="link"
                aria-expanded={areAllShown}
                onClick={() => showAll(!areAllShown)}
              >
                {areAllShown ? 'fewer' : `${endpoints.length - MOST_URLS} more`}
              </button>
            </li>
          )}
        </ul>
        <span class="served-actions">
          <span class="tabular dim" title={`${formatCount(served.ever)} since it was started`}>
            {plural(clients, 'client')}
          </span>
          {problemCount > 0 && (
            <button
              type="button"
              class={`chip${served.troubleCount > 0 ? ' tone-warn served-problems' : ''}`}
              aria-expanded={isTold}
              aria-controls={isTold ? details : undefined}
              onClick={() => tell(!isTold)}
            >
              <Icon name={served.troubleCount > 0 ? 'warning' : 'info'} />
              {served.troubleCount > 0
                ? `${formatCount(served.troubleCount)} unmatched`
                : plural(served.notes.length, 'note')}
              <Icon name={isTold ? 'chevron-up' : 'chevron-down'} />
            </button>
          )}
          <IconButton
            icon="settings-gear"
            name={`How ${name} is served…`}
            onClick={() => call('servingOptions')}
          />
          <IconButton icon="debug-stop" name={`Stop serving ${name}`} onClick={() => call('stopServing')} />
        </span>
      </div>
      {isTold && problemCount > 0 && <Problems id={details} served={served} />}
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
      <CopyButton text={url} name={`Copy ${url}`} />
    </li>
  )
}

/** What clients asked for or sent that the recording does not have, newest first, and what is not served. */
function Problems({ id, served }: { id: string; served: ServedSession }) {
  return (
    <ul class="served-details" id={id} aria-label={`What did not match ${served.name}`}>
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
