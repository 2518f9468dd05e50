import { useState } from 'preact/hooks'
import type { TransportName } from '../../src/shared/transports.ts'
import { usePage } from '../state/page.ts'
import { Icon } from '../ui/Icon.tsx'

interface Example {
  readonly transport: TransportName
  readonly name: string
  readonly shows: string
}

const EXAMPLES: readonly Example[] = [
  {
    transport: 'websocket',
    name: 'WebSocket',
    shows:
      'Trades, quotes and binary prices. Replies to what you send, sends pings, and restarts now and then.',
  },
  {
    transport: 'sse',
    name: 'Server-Sent Events',
    shows: 'Named events with ids. Disconnects now and then, and resumes with the last id.',
  },
  {
    transport: 'long-poll',
    name: 'Long polling',
    shows:
      'Each request is held until something changes, or for 8 s. Some responses are empty, some are 502 errors.',
  },
]

/** Buttons that connect to the demo server, with all transports or with one. */
export function Examples() {
  const page = usePage()
  const [isStarting, setStarting] = useState(false)
  const start = async (transport: TransportName | null) => {
    setStarting(true)
    await page.attempt(page.host.call('startDemo', { transport }))
    setStarting(false)
  }
  return (
    <section class="examples" aria-labelledby="examples-title">
      <h2 id="examples-title">No server at hand? Try the demo</h2>
      <p>
        The demo is a small server in the editor, on this computer only. It has every transport, with
        realistic interruptions.
      </p>
      <vscode-button secondary disabled={isStarting} onClick={() => void start(null)}>
        Start the demo
      </vscode-button>
      <ul aria-label="Examples">
        {EXAMPLES.map(({ transport, name, shows }) => (
          <li key={transport}>
            <button type="button" class="example" disabled={isStarting} onClick={() => void start(transport)}>
              <span class="example-name">
                {name} <Icon name="arrow-right" />
              </span>
              <span class="dim">{shows}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
