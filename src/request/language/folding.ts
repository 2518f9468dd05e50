/** What can be folded in a `.http` file: requests, messages, and comments of several lines. */
import type { RequestFile, Span } from '../file/request-file.ts'
import { firstLine } from './outline.ts'

export interface Fold extends Span {
  readonly kind: 'request' | 'message' | 'comment'
}

/** The parts with more than one line, each from its first character to the last one that is not blank. */
export function foldsOf(file: RequestFile): Fold[] {
  const requests = file.requests.map(({ start, end }) => ({ kind: 'request' as const, start, end }))
  const messages = file.requests.flatMap(({ steps }) =>
    steps.flatMap((step) => {
      const first = step.kind === 'send' ? firstLine(step.content) : undefined
      return first === undefined ? [] : [{ kind: 'message' as const, start: first.start, end: step.end }]
    }),
  )
  return [...requests, ...messages, ...commentBlocks(file)]
    .map((fold) => ({ ...fold, end: endOfText(file.text, fold) }))
    .filter(({ start, end }) => file.text.slice(start, end).includes('\n'))
    .sort((a, b) => a.start - b.start)
}

/** Comments on lines that follow each other. */
function commentBlocks({ text, comments }: RequestFile): Fold[] {
  const blocks: Fold[] = []
  for (const comment of comments) {
    const last = blocks.at(-1)
    const isNext = last !== undefined && /^\r?\n[ \t]*$/.test(text.slice(last.end, comment.start))
    if (isNext) blocks[blocks.length - 1] = { ...last, end: comment.end }
    else blocks.push({ kind: 'comment', start: comment.start, end: comment.end })
  }
  return blocks
}

/** The end without white space. */
function endOfText(text: string, { start, end }: Span): number {
  let last = end
  while (last > start && /\s/.test(text.charAt(last - 1))) last--
  return last
}
