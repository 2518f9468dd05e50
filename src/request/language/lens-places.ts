/** Above which lines of a `.http` file the CodeLenses of a request and of its messages are. */
import type { FileRequest } from '../file/request-file.ts'
import { firstLine } from './outline.ts'

export interface LensPlaces {
  /** An offset in the line under its title, or in its first line. */
  readonly request: number
  /** For each message that can be sent, by the position of its step. */
  readonly messages: readonly { readonly step: number; readonly offset: number }[]
}

/** The places are those of lines that are in the file whatever happens to its connection, so that nothing jumps. */
export function lensPlaces(text: string, { start, separator, steps }: FileRequest): LensPlaces {
  const afterTitle = separator === undefined ? -1 : text.indexOf('\n', separator.end) + 1
  return {
    request: afterTitle > 0 ? afterTitle : start,
    messages: steps.flatMap((step, at) => {
      if (step.kind !== 'send') return []
      const first = step.name ?? firstLine(step.content)
      return first === undefined ? [] : [{ step: at, offset: first.start }]
    }),
  }
}
