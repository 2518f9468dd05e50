/** Notes what method and headers of a request mean in other tools, and not here. */
import { schemeOf } from '../../shared/transports.ts'
import type { Notes } from './notes.ts'
import type { FileRequest } from './request-file.ts'

export function noteHeaders(
  { transport, headers, options, method, url }: Omit<FileRequest, 'canRun'>,
  notes: Notes,
): void {
  for (const { name, start, end } of headers)
    if (transport === 'sse' && name.text.toLowerCase() === 'event')
      notes.add(
        'info',
        { start, end },
        'NO_EFFECT',
        'It is for httpYac and is not sent: events of all types are shown.',
      )
  const acceptsEvents = headers.some(
    ({ name, value }) => name.text.toLowerCase() === 'accept' && /text\/event-stream/i.test(value.text),
  )
  const isSaid = options.some(({ name }) => name.text === 'transport')
  if (transport === 'auto' && schemeOf(url.text) !== 'ws' && !acceptsEvents && !isSaid)
    notes.add(
      'info',
      method ?? url,
      'PLAIN_HTTP',
      'The response decides how it is read. Write SSE, LONGPOLL, POLL or STREAM in place of the method if you know it.',
    )
}
