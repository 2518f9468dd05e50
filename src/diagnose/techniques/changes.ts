/** What would put another technique first: the ranking is made again with changed facts. */
import type { TechniqueChange } from '../../shared/techniques.ts'
import type { TransportName } from '../../shared/transports.ts'
import type { Facts } from './facts.ts'

interface Change {
  readonly text: string
  /** Undefined if it is so already. */
  apply(facts: Facts): Partial<Facts> | undefined
}

const answered = { isSendingAnswered: true } as const

const CHANGES: readonly Change[] = [
  {
    text: 'Clients send more than 1 message for 10 received',
    apply: ({ clientsSend }) =>
      clientsSend === 'always' ? undefined : { clientsSend: 'always', ...answered },
  },
  {
    text: 'Clients do not send',
    apply: ({ clientsSend }) => (clientsSend === 'no' ? undefined : { clientsSend: 'no', ...answered }),
  },
  {
    text: 'Browsers must work without a library',
    apply: ({ plainBrowser }) => (plainBrowser === true ? undefined : { plainBrowser: true }),
  },
  {
    text: 'A proxy buffers the stream (finding buffered-stream)',
    apply: ({ bufferingProxy }) => (bufferingProxy === 'yes' ? undefined : { bufferingProxy: 'yes' }),
  },
  {
    text: 'Nothing on the way buffers or holds the stream',
    apply: ({ bufferingProxy, holding }) =>
      bufferingProxy === 'yes' || holding.length > 0 ? { bufferingProxy: 'no', holding: [] } : undefined,
  },
  {
    text: 'More than 6 streams to one host over HTTP/1.1 (or use HTTP/2)',
    apply: ({ streams }) => (streams > 6 ? undefined : { streams: 7 }),
  },
  {
    text: 'Fewer than one event a minute, and 30 s late is fine: with an ETag',
    apply: ({ mayBeLate }) => (mayBeLate ? undefined : { perMinute: 0.5, mayBeLate: true }),
  },
  {
    text: 'Over a third of the payload is binary',
    apply: ({ binaryShare }) => (binaryShare > 1 / 3 ? undefined : { binaryShare: 0.5 }),
  },
  { text: 'It is sound or video', apply: ({ media }) => (media ? undefined : { media: true }) },
  { text: 'It is neither sound nor video', apply: ({ media }) => (media ? { media: false } : undefined) },
]

/** `best` gives the technique that is first with some facts. */
export function changesOf(
  facts: Facts,
  best: (facts: Facts) => TransportName | undefined,
): TechniqueChange[] {
  const now = best(facts)
  return CHANGES.flatMap(({ text, apply }) => {
    const changed = apply(facts)
    const technique = changed === undefined ? now : best({ ...facts, ...changed })
    return technique === undefined || technique === now ? [] : [{ change: text, technique }]
  })
}
