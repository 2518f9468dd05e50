/** The request and the response that an event belongs to. */
import type { EventDetail } from '../../src/shared/protocol.ts'
import { type PageState, usePage } from '../state/page.ts'
import { useLoaded } from '../ui/hooks.ts'
import type { Fields } from './fields.ts'

const QUESTIONS: ReadonlySet<unknown> = new Set(['connect', 'request'])
const ANSWERS: ReadonlySet<unknown> = new Set(['open', 'response'])
const CONNECTS: ReadonlySet<unknown> = new Set(['connect'])

export interface Handshake {
  readonly question: Fields | undefined
  readonly answer: Fields | undefined
  /** Whether the event is the request or the response itself. */
  readonly isOwn: boolean
}

/** Request and response, as far as they exist. Undefined until they are found. */
export function useHandshake(detail: EventDetail): Handshake | undefined {
  const page = usePage()
  const { type } = detail.fields
  const found = useLoaded(() => findHandshake(page, detail), [page, detail])
  return found && { ...found, isOwn: QUESTIONS.has(type) || ANSWERS.has(type) }
}

async function findHandshake(page: PageState, detail: EventDetail): Promise<Omit<Handshake, 'isOwn'>> {
  const { columns } = page.session
  const { type } = detail.fields
  const fieldsOf = async (index: number | undefined): Promise<Fields | undefined> => {
    if (index === detail.index) return detail.fields
    if (index === undefined) return undefined
    return (await page.call('detail', { index, maxBytes: 0 }))?.fields
  }
  const asked = QUESTIONS.has(type) ? detail.index : columns.findBefore(detail.index, QUESTIONS)
  const answered = ANSWERS.has(type) ? detail.index : columns.findBefore(detail.index, ANSWERS)
  const isAnswered = answered !== undefined && answered > (asked ?? -1)
  const [question, answer] = await Promise.all([fieldsOf(asked), fieldsOf(isAnswered ? answered : undefined)])
  if (question?.type !== 'connect' || question.attempt === 0) return { question, answer }
  // Only the first attempt has the options of the connection.
  const first = await fieldsOf(columns.findFirst(detail.index, CONNECTS))
  return { question: { ...first, ...question }, answer }
}
